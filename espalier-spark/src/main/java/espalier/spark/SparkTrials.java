package espalier.spark;

import espalier.app.TrainImage;
import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One training tried with several options, each trial by one task: a search for the best of them.
 *
 * <pre>{@code
 * SparkTrials.of(TrainImage.of(Path.of("/shared/dogs"), Path.of("dogs.safetensors")))
 *         .option("lr", "0.0005", "0.002", "0.008")
 *         .option("model", "efficientnet-lite0", "resnet34")
 *         .run(spark, "hdfs:///trials/dogs")
 *         .orderBy("valid_loss")
 *         .show();
 * }</pre>
 *
 * <p>The executors read the pictures from the training's folder, which all see under the same path.
 */
public final class SparkTrials {
    private final TrainImage training;
    private final Map<String, List<String>> options;

    private SparkTrials(TrainImage training, Map<String, List<String>> options) {
        this.training = training;
        this.options = options;
    }

    /** Trials of a training, whose model file is not written. */
    public static SparkTrials of(TrainImage training) {
        SentTraining.of(training);
        return new SparkTrials(training, Map.of());
    }

    /**
     * The same with these values of one option tried.
     *
     * @param name as model files record it and the command line calls it, without dashes: {@code "lr"}, {@code "model"}, {@code
     *     "epochs"}, {@code "batch-size"}
     * @throws IllegalArgumentException when there is no such option, or a value is none of it
     */
    public SparkTrials option(String name, String... values) {
        String full = "--" + name;
        if (values.length == 0) {
            throw new IllegalArgumentException("no value of " + name + " was given to try.");
        }
        for (String value : values) {
            var tried = SentTraining.of(training).with(full, value).training(training.out());
            if (!tried.recorded().containsKey(full)) {
                throw new IllegalArgumentException(
                        "there is no option " + name + " to try, expected one like those of this"
                                + " training: "
                                + String.join(", ", new TreeMap<>(tried.recorded()).keySet())
                                        .replace("--", "")
                                + ". Maybe it is misspelt.");
            }
        }
        var all = new LinkedHashMap<>(options);
        all.put(full, List.of(values));
        return new SparkTrials(training, all);
    }

    /** Every combination of the values: a grid search. See {@link #random} for the result. */
    public Dataset<Row> run(SparkSession spark, String folder) {
        return run(spark, folder, grid());
    }

    /**
     * Some combinations, drawn without repetition: a random search, which finds as good options as a grid in fewer trials (Bergstra and
     * Bengio, 2012).
     *
     * @param folder for the model files, of any file system that Hadoop knows
     * @param count how many; all when there are not more
     * @return a row for each trial: {@code trial}, from 0; {@code options}, those that were tried, by name; {@code valid_loss}, and
     *     {@code metrics} by name, of the epoch whose weights were kept; {@code history}, for each epoch its figures by name; {@code
     *     seconds}; {@code model}, the path of the model file; {@code error}, why there is none, else null
     */
    public Dataset<Row> random(SparkSession spark, String folder, int count, long seed) {
        var all = grid();
        int[] order = Rng.of(seed).permutation(all.size());
        return run(
                spark,
                folder,
                IntStream.of(order).limit(count).mapToObj(all::get).toList());
    }

    private List<Map<String, String>> grid() {
        List<Map<String, String>> all = List.of(Map.of());
        for (var option : options.entrySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (var before : all) {
                for (String value : option.getValue()) {
                    var one = new LinkedHashMap<>(before);
                    one.put(option.getKey(), value);
                    longer.add(one);
                }
            }
            all = longer;
        }
        return all;
    }

    private Dataset<Row> run(SparkSession spark, String folder, List<Map<String, String>> chosen) {
        var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        var task = new TrialTask(
                SentTraining.of(training), folder, SerializableConfiguration.broadcast(spark.sparkContext()));
        var numbered = IntStream.range(0, chosen.size())
                .mapToObj(i -> new TrialTask.Trial(i, new TreeMap<>(chosen.get(i))))
                .toList();
        List<Row> rows = context.parallelize(numbered, numbered.size())
                .map(task::run)
                .collect(); // once, whatever is asked of them
        return spark.createDataFrame(rows, TrialTask.SCHEMA);
    }
}
