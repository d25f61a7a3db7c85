package espalier.spark;

import espalier.predict.Prediction;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** Predictions and errors as columns. */
final class Answers {
    /** The columns and their types, in order. */
    static final StructType SCHEMA = new StructType()
            .add("label", DataTypes.StringType)
            .add("index", DataTypes.IntegerType)
            .add("probability", DataTypes.DoubleType)
            .add("probabilities", DataTypes.createArrayType(DataTypes.FloatType))
            .add("tags", DataTypes.createArrayType(DataTypes.StringType))
            .add("quantities", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType))
            .add("error", DataTypes.StringType);

    private Answers() {}

    /** A schema with these columns after its own. @throws IllegalArgumentException when it has one of them already */
    static StructType addedTo(StructType schema, String prefix) {
        var all = schema;
        for (StructField field : SCHEMA.fields()) {
            String name = prefix + field.name();
            if (Arrays.stream(schema.fieldNames()).anyMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException("there is a column " + name
                        + " already. Maybe set a prefix for the predictions, such as \"predicted_\".");
            }
            all = all.add(name, field.dataType());
        }
        return all;
    }

    /** The values of a prediction. */
    static @Nullable Object[] of(Prediction prediction) {
        if (prediction.isNumeric()) {
            var quantities = CollectionConverters.asScala(prediction.values());
            return new @Nullable Object[] {null, null, null, null, null, quantities, null};
        }
        float[] probabilities = prediction.probabilities();
        Object[] boxed = IntStream.range(0, probabilities.length)
                .mapToObj(i -> probabilities[i])
                .toArray();
        return new @Nullable Object[] {
            prediction.label(),
            prediction.index(),
            prediction.probability(),
            boxed,
            prediction.labels().toArray(),
            null,
            null
        };
    }

    /** The values of a row that cannot be predicted. */
    static @Nullable Object[] error(String reason) {
        return new @Nullable Object[] {null, null, null, null, null, null, reason};
    }

    /** A row with an answer's values after its own. */
    static Row appended(Row row, @Nullable Object[] answer) {
        var values = new @Nullable Object[row.size() + answer.length];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        System.arraycopy(answer, 0, values, row.size(), answer.length);
        return RowFactory.create(values);
    }
}
