package espalier.spark;

import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import espalier.format.ModelFile;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Predictions judged by the true classes beside them, by the cluster: the figures of {@link espalier.app.Evaluate} for any number of
 * rows.
 *
 * <pre>{@code
 * var predictions = EspalierModel.of("dogs.safetensors").setInputCol("path").transform(labelled); // path, truth
 * var evaluation = SparkEvaluation.of(predictions, "truth", Path.of("dogs.safetensors"));
 * evaluation.metrics().show();
 * evaluation.confusion().show();
 * }</pre>
 */
public final class SparkEvaluation {
    private final Dataset<Row> predictions;
    private final Column truth;
    private final List<String> classes;

    private SparkEvaluation(Dataset<Row> predictions, Column truth, List<String> classes) {
        this.predictions = predictions;
        this.truth = truth;
        this.classes = classes;
    }

    /**
     * The judgement of predictions of one class each, read as often as figures are asked for: so write them to Parquet first.
     *
     * @param predictions with the columns {@code label}, {@code probabilities} and {@code error} of an {@link EspalierModel}
     * @param truth the column of the true class
     * @param model the model file, for its classes
     * @throws IllegalArgumentException when a column is missing
     */
    public static SparkEvaluation of(Dataset<Row> predictions, String truth, Path model) {
        var names = List.of(predictions.columns());
        for (String name : List.of(truth, "label", "probabilities", "error")) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("there is no column " + name + " among " + String.join(", ", names)
                        + ". Maybe these are not predictions.");
            }
        }
        var classes = ModelFile.inspect(model).vocabulary();
        return new SparkEvaluation(predictions, col(truth), List.copyOf(classes));
    }

    /** The rows that count: predicted, and of a class that the model knows. */
    private Dataset<Row> judged() {
        return predictions.where(col("error").isNull().and(truth.isin(classes.toArray())));
    }

    /** How often each class was taken for each: {@code truth}, {@code label}, {@code count}; pairs that never came are left out. */
    public Dataset<Row> confusion() {
        return judged().groupBy(truth.as("truth"), col("label")).count().orderBy("truth", "label");
    }

    /**
     * One row: {@code n}, the rows judged; {@code rejected}, those that could not be read or are of no known class; {@code accuracy} and
     * {@code error_rate}, 0 to 1; and {@code loss}, the mean cross entropy in nats. Null without rows to judge.
     */
    public Dataset<Row> metrics() {
        var known = col("error").isNull().and(coalesce(truth.isin(classes.toArray()), lit(false)));
        var all = lit(classes.toArray(String[]::new));
        var probability =
                element_at(col("probabilities"), array_position(all, truth).cast("int"));
        var right = when(truth.equalTo(col("label")), 1).otherwise(0);
        var loss = log(greatest(probability.cast("double"), lit((double) Float.MIN_NORMAL)))
                .multiply(-1);
        return predictions
                .select(
                        known.as("known"),
                        when(known, right).as("right"),
                        when(known, loss).as("loss"))
                .agg(
                        sum(when(col("known"), 1).otherwise(0)).as("n"),
                        sum(when(col("known"), 0).otherwise(1)).as("rejected"),
                        expr("avg(right)").as("accuracy"),
                        expr("1 - avg(right)").as("error_rate"),
                        expr("avg(loss)").as("loss"));
    }

    /** A row for each class that occurs: {@code class}, {@code support}, {@code precision}, {@code recall}, {@code f1}; 0 for 0 / 0. */
    public Dataset<Row> classes() {
        var truths = judged().groupBy(truth.as("class"))
                .agg(
                        count("*").as("support"),
                        sum(when(truth.equalTo(col("label")), 1).otherwise(0)).as("hits"));
        var labels = judged().groupBy(col("label").as("class")).agg(count("*").as("predicted"));
        return truths.join(labels, new String[] {"class"}, "full_outer")
                .na()
                .fill(0)
                .selectExpr(
                        "class",
                        "support",
                        "IF(predicted = 0, 0, hits / predicted) AS precision",
                        "IF(support = 0, 0, hits / support) AS recall",
                        "IF(hits = 0, 0, 2 * hits / (support + predicted)) AS f1")
                .orderBy("class");
    }
}
