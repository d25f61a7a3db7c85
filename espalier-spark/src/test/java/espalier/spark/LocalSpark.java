package espalier.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Spark in this JVM with two slots, shared by all tests; each test leaves no predictor loaded. */
final class LocalSpark implements AfterEachCallback {
    /** A task that fails is tried twice more. */
    static final SparkSession SESSION = SparkSession.builder()
            .master("local[2, 3]")
            .appName("tests")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.sql.warehouse.dir", "target/warehouse")
            .getOrCreate();

    static {
        SESSION.sparkContext().setLogLevel("OFF");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        SharedPredictors.closeIdle(0);
        if (SharedPredictors.size() > 0) {
            throw new AssertionError(SharedPredictors.size() + " predictors were not given back");
        }
    }

    /** Rows of a number {@code id} and a cell of the column {@code content}, in two partitions. */
    static Dataset<Row> rows(DataType type, List<? extends @Nullable Object> cells) {
        var schema = new StructType().add("id", DataTypes.IntegerType).add("content", type);
        var rows = new ArrayList<Row>();
        for (var cell : cells) {
            rows.add(RowFactory.create(rows.size(), cell));
        }
        return SESSION.createDataFrame(rows, schema).repartition(2);
    }

    /** All rows in the order of their {@code id}. */
    static List<Row> inOrder(Dataset<Row> rows) {
        return Arrays.asList((Row[]) rows.orderBy("id").collect());
    }

    /** The elements of an array in a column of a row. */
    static List<Float> floats(Row row, String column) {
        return row.getList(row.fieldIndex(column));
    }

    /** A cell of a row, or null. */
    static <T> @Nullable T cell(Row row, String column) {
        return row.getAs(column);
    }
}
