package espalier.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A program for {@code spark-submit}: predicts a column of texts of a table into Parquet. */
public final class PredictTexts {
    private PredictTexts() {}

    /**
     * Arguments: the model file; the table, a file, folder or pattern whose name ends with {@code .parquet}, or else CSV that
     * begins with the names of its columns, with tabs in {@code .tsv}; the column of texts; the folder for the predictions, which must
     * not exist.
     */
    public static void main(String[] args) {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected MODEL ROWS COLUMN PREDICTIONS, received " + args.length
                    + " arguments. Maybe a path holds a blank.");
        }
        var spark = SparkSession.builder().getOrCreate();
        try {
            predict(spark, args[0], args[1], args[2], args[3]);
        } finally {
            spark.stop();
        }
    }

    static void predict(SparkSession spark, String model, String table, String column, String out) {
        int tasks = PredictPictures.tasks(spark);
        // region texts
        Dataset<Row> rows = table.endsWith(".parquet") ? spark.read().parquet(table) : csv(spark, table);
        EspalierModel.of(model)
                .setInputCol(column)
                .setPrefix("predicted_") // for tables that have a column "label" already
                .transform(rows.repartition(tasks))
                .write()
                .parquet(out); // the table's columns, predicted_label, predicted_probability ... predicted_error
        // endregion
    }

    // region csv
    static Dataset<Row> csv(SparkSession spark, String table) {
        return spark.read()
                .option("header", true)
                .option("sep", table.matches(".*[.](tsv|tab)([.]gz)?") ? "\t" : ",")
                .option("multiLine", true) // a text in quotation marks may have several lines,
                .option("escape", "\"") // and a mark within it stands twice
                .option("ignoreLeadingWhiteSpace", true)
                .option("ignoreTrailingWhiteSpace", true)
                .csv(table);
    }
    // endregion
}
