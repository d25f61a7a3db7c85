package espalier.spark;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns that a model can be given. */
final class InputColumns {
    private InputColumns() {}

    /** Where the column is. @throws IllegalArgumentException when it is missing, or holds neither bytes nor strings */
    static int position(StructType schema, String name) {
        for (int i = 0; i < schema.length(); i++) {
            if (schema.apply(i).name().equalsIgnoreCase(name)) {
                check(name, schema.apply(i).dataType());
                return i;
            }
        }
        throw new IllegalArgumentException("there is no column " + name + " among "
                + String.join(", ", schema.fieldNames()) + ". Maybe set another input column.");
    }

    private static void check(String name, DataType type) {
        if (!type.equals(DataTypes.BinaryType) && !type.equals(DataTypes.StringType)) {
            throw new IllegalArgumentException("the column " + name + " is of type " + type.simpleString()
                    + ", expected binary (the bytes of files) or string (paths or texts)."
                    + " Maybe one field of it was meant: select it as a column of its own.");
        }
    }
}
