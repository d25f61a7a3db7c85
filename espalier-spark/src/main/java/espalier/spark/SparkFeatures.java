package espalier.spark;

import espalier.app.TrainImage;
import espalier.data.Vectors;
import espalier.files.Folders;
import espalier.item.Item;
import espalier.report.DataException;
import espalier.tensor.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a frozen body says about pictures, computed once by the executors, and heads trained on it by the driver.
 *
 * <pre>{@code
 * var training = TrainImage.of(Path.of("/shared/dogs"), Path.of("dogs.safetensors"))
 *         .recipe(Recipe.standard().freezeBody(true).budget(Budget.auto()));
 * var features = SparkFeatures.of(training);
 * features.compute(spark).write().parquet("hdfs:///features/dogs");
 * features.train(spark.read().parquet("hdfs:///features/dogs"));
 * }</pre>
 *
 * <p>The columns are {@code id}, the picture's path below the folder; {@code views}, an array with the features of each of its views,
 * as {@link espalier.app.Recipe#views} says; and {@code terms}, by which features of another body or other pictures are refused. A
 * picture that cannot be read has no row. The executors read the pictures from the training's folder, which all see under the same path.
 */
public final class SparkFeatures {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("views", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.FloatType)))
            .add("terms", DataTypes.StringType);

    private static final Set<String> TERMS = Set.of(
            "--group-pattern",
            "--model",
            "--size",
            "--seed",
            "--precision",
            "--head",
            "--views",
            "--split",
            "--valid",
            "--normalize",
            "--resize-method");

    /** What {@link espalier.app.PictureOptions#batchSize} is at least, unless told. */
    private static final int LEAST_BATCH = 32;

    private final TrainImage training;
    private final SentTraining sent;

    private SparkFeatures(TrainImage training, SentTraining sent) {
        this.training = training;
        this.sent = sent;
    }

    /**
     * The features for a training.
     *
     * @throws IllegalArgumentException when its body is not frozen, or it has something that executors cannot be told
     */
    public static SparkFeatures of(TrainImage training) {
        if (!training.recipe().freezeBody()) {
            throw new IllegalArgumentException("features are computed once where the body stays frozen."
                    + " Maybe give a recipe with freezeBody(true), or use SparkTraining.");
        }
        return new SparkFeatures(training, SentTraining.of(training));
    }

    /**
     * Rows of features, computed when they are used: so write them to Parquet. As many tasks as the cluster has cores, and at most as
     * many as a batch has pictures, of which each task takes its share.
     */
    public Dataset<Row> compute(SparkSession spark) {
        int batch = training.pictures().batchSize().orElse(LEAST_BATCH);
        int tasks = Math.min(spark.sparkContext().defaultParallelism(), batch);
        return spark.range(0, tasks, 1, tasks)
                .mapPartitions(new FeatureTask(sent, tasks, terms(training)), Encoders.row(SCHEMA))
                .dropDuplicates("id"); // the last batch is filled up with pictures of other tasks
    }

    /**
     * Trains the head on features that were computed for it, and writes the model file.
     *
     * @return the model file
     * @throws DataException when there are none, or they are of another body, other pictures or other views
     */
    public Path train(Dataset<Row> features) {
        String terms = terms(training);
        for (Row other : features.select("terms").distinct().limit(2).collectAsList()) {
            if (!other.getString(0).equals(terms)) {
                throw new DataException("these features were computed for another training: " + other.getString(0)
                        + ", expected " + terms + ". Maybe compute them again.");
            }
        }
        try (var open = training.open()) {
            Map<String, Item> items = new HashMap<>();
            Stream.of(open.loaders().train(), open.loaders().valid())
                    .flatMap(part -> part.dataset().items().stream())
                    .forEach(item -> items.put(item.id(), item));
            open.features(vectors(features, items)).run();
        }
        return training.out();
    }

    private static Vectors vectors(Dataset<Row> features, Map<String, Item> items) {
        var vectors = Vectors.upTo(Runtime.getRuntime().maxMemory() / 8);
        boolean any = false;
        for (Iterator<Row> rows = features.select("id", "views").toLocalIterator(); rows.hasNext(); ) {
            var row = rows.next();
            var item = items.get(row.getString(0));
            if (item != null) {
                any = true;
                List<scala.collection.Seq<Float>> views = row.getList(1);
                views.forEach(view -> vectors.add(item, floats(view)));
            }
        }
        if (!any) {
            vectors.close();
            throw new DataException("there are no features of these pictures. Maybe the folder is another one.");
        }
        return vectors;
    }

    private static float[] floats(scala.collection.Seq<Float> view) {
        float[] values = new float[view.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = view.apply(i);
        }
        return values;
    }

    /** What features depend on. */
    private static String terms(TrainImage training) {
        var terms = new TreeMap<>(training.recorded());
        terms.keySet().retainAll(TERMS);
        return terms.toString();
    }

    /** The features of one share of the pictures. */
    private static final class FeatureTask implements MapPartitionsFunction<Long, Row> {
        private static final long serialVersionUID = 1;

        private final SentTraining sent;
        private final int shares;
        private final String terms;

        FeatureTask(SentTraining sent, int shares, String terms) {
            this.sent = sent;
            this.shares = shares;
            this.terms = terms;
        }

        @Override
        public Iterator<Row> call(Iterator<Long> share) throws IOException {
            Path folder = Files.createTempDirectory("espalier-features-");
            try (var open = sent.training(folder.resolve("model.safetensors")).open()) {
                var task = TaskContext.get();
                Machine.threads(task.cpus());
                var vectors = open.features(task.partitionId(), shares);
                task.addTaskCompletionListener(ended -> {
                    vectors.close();
                    return null;
                });
                var items = Stream.of(open.loaders().train(), open.loaders().valid())
                        .flatMap(part -> part.dataset().items().stream())
                        .toList();
                return items.stream()
                        .filter(item -> !vectors.views(item).isEmpty())
                        .map(item ->
                                RowFactory.create(item.id(), vectors.views(item).toArray(), terms))
                        .iterator();
            } finally {
                Folders.delete(folder);
            }
        }
    }
}
