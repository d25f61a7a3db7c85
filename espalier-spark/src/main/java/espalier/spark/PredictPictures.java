package espalier.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;

/** The tutorial's program, ready for {@code spark-submit}: predicts a listing or a folder of pictures into Parquet. */
public final class PredictPictures {
    private static final int TASKS_A_SLOT = 4;

    private PredictPictures() {}

    /**
     * Arguments: the model file; a text file with a path on each line ({@code .txt}), or what else Spark can load as binary files;
     * the folder for the predictions, which must not exist.
     */
    public static void main(String[] args) {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    "expected MODEL PICTURES OUT, received " + args.length + " arguments. Maybe a path holds a blank.");
        }
        var spark = SparkSession.builder().getOrCreate();
        try {
            if (args[1].endsWith(".txt")) {
                predictListing(spark, args[0], args[1], args[2]);
            } else {
                predictFolder(spark, args[0], args[1], args[2]);
            }
        } finally {
            spark.stop();
        }
    }

    /** Into how many tasks a listing or a table is cut: a few for each slot, so that a slow or lost one is small. */
    static int tasks(SparkSession spark) {
        return TASKS_A_SLOT * spark.sparkContext().defaultParallelism();
    }

    static void predictListing(SparkSession spark, String model, String listing, String out) {
        int tasks = tasks(spark);
        // region listing
        Dataset<Row> paths = spark.read().text(listing).toDF("path").repartition(tasks);
        EspalierModel.of(model)
                .setInputCol("path")
                .transform(paths)
                .write()
                .parquet(out); // path, label, index, probability, probabilities, tags, quantities, error
        // endregion
    }

    static void predictFolder(SparkSession spark, String model, String folder, String out) {
        // region folder
        Dataset<Row> pictures = spark.read().format("binaryFile").load(folder); // path, length, ..., content
        EspalierModel.of(model).transform(pictures).drop("content").write().parquet(out);
        // endregion
    }

    static Dataset<Row> mistakes(SparkSession spark, String out) {
        // region errors
        Dataset<Row> predictions = spark.read().parquet(out);
        return predictions.where("error IS NOT NULL").groupBy("error").count().orderBy("error");
        // endregion
    }

    static SparkEvaluation evaluation(SparkSession spark, String model, String folder) {
        // region evaluation
        Dataset<Row> labelled = spark.read()
                .format("binaryFile")
                .load(folder)
                .selectExpr("path", "content", "element_at(split(path, '/'), -2) AS truth"); // the folder's name
        Dataset<Row> predictions = EspalierModel.of(model).transform(labelled).drop("content");
        return SparkEvaluation.of(predictions, "truth", Path.of(model)); // .metrics(), .confusion(), .classes()
        // endregion
    }

    static Dataset<Row> looks(SparkSession spark, String listing) {
        // region verify
        Dataset<Row> paths = spark.read().text(listing).toDF("path").repartition(TASKS_A_SLOT);
        return SparkVerify.look(paths, "path"); // path, bytes, sha256, format, width, height, error
        // endregion
    }

    static PipelineModel pipeline(String model, Dataset<Row> pictures, String saved) throws IOException {
        // region pipeline
        var sure = new SQLTransformer().setStatement("SELECT *, probability >= 0.9 AS sure FROM __THIS__");
        var stages = new PipelineStage[] {EspalierModel.of(model), sure};
        PipelineModel pipeline = new Pipeline().setStages(stages).fit(pictures);
        pipeline.write().overwrite().save(saved); // with the model file
        return PipelineModel.load(saved);
        // endregion
    }

    static Dataset<Row> sql(SparkSession spark, String model, String folder) {
        // region sql
        SqlPredictions.register(spark, Map.of("dogs", model));
        return spark.sql("SELECT path, p.label, p.probability, p.error"
                + " FROM (SELECT path, espalier_predict('dogs', content) AS p FROM binaryFile.`" + folder + "`)");
        // endregion
    }

    static StreamingQuery stream(SparkSession spark, String model, String folder, String out) throws TimeoutException {
        // region stream
        Dataset<Row> arriving = spark.readStream()
                .format("binaryFile")
                .schema("path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY")
                .load(folder);
        return EspalierModel.of(model)
                .transform(arriving)
                .drop("content")
                .writeStream()
                .format("parquet")
                .option("checkpointLocation", out + "-checkpoint")
                .start(out);
        // endregion
    }
}
