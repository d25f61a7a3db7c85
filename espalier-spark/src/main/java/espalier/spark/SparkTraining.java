package espalier.spark;

import espalier.app.TrainImage;
import espalier.files.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag$;

/**
 * A training of pictures that several executors carry out together, each on its share of every batch.
 *
 * <pre>{@code
 * var training = TrainImage.of(Path.of("/shared/dogs"), Path.of("dogs.safetensors"));
 * SparkTraining.of(training).workers(4).run(spark);
 * }</pre>
 *
 * <p>The tasks of one barrier stage train as the ranks of a {@link espalier.tensor.ProcessGroup}, so there must be as many free slots.
 * The batch size is that of all together, and the model is the one that a single process makes, to rounding; see {@link
 * espalier.train.Learner#distributed}. The first task validates, and writes a checkpoint after each epoch. When a task fails or an
 * executor is lost, Spark tries the stage again, and it goes on from the last checkpoint.
 *
 * <p>The executors read the pictures from the folder of the training, which all see under the same path, as on a shared file system.
 * They talk to each other directly and without encryption: for networks that are trusted.
 */
public final class SparkTraining {
    private final TrainImage training;
    private final int workers;
    private final String checkpoints;
    private final Duration timeout;
    private final Duration patience;

    private SparkTraining(TrainImage training, int workers, String checkpoints, Duration timeout, Duration patience) {
        this.training = training;
        this.workers = workers;
        this.checkpoints = checkpoints;
        this.timeout = timeout;
        this.patience = patience;
    }

    /**
     * A training by two executors, with checkpoints beside the model file, as usual.
     *
     * @throws IllegalArgumentException when it has something that executors cannot be told: a table, logs, a budget of time
     */
    public static SparkTraining of(TrainImage training) {
        if (training.recipe().budget().isPresent() || training.recipe().freezeBody()) {
            throw new IllegalArgumentException(
                    "a frozen body looks at each picture once, and its head needs no cluster."
                            + " Maybe compute the features with SparkFeatures, which trains the head on them.");
        }
        SentTraining.of(training);
        String beside = training.checkpoints().folder().toAbsolutePath().toString();
        return new SparkTraining(training, 2, beside, Duration.ofMinutes(30), Duration.ofMinutes(2));
    }

    /** The same by so many executors' tasks; the batch size is shared by them. */
    public SparkTraining workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a training needs a worker or more, received " + count + ".");
        }
        return new SparkTraining(training, count, checkpoints, timeout, patience);
    }

    /**
     * The same with checkpoints in another folder: one of any file system that Hadoop knows and all executors reach, such as
     * {@code hdfs:///checkpoints/dogs}.
     */
    public SparkTraining checkpoints(String folder) {
        return new SparkTraining(training, workers, folder, timeout, patience);
    }

    /** The same with another time that a worker waits for the others before it fails, 30 minutes unless told. */
    public SparkTraining timeout(Duration time) {
        return new SparkTraining(training, workers, checkpoints, time, patience);
    }

    /** The same with another time that it waits for slots, which executors that are still starting bring: 2 minutes unless told. */
    public SparkTraining patience(Duration time) {
        return new SparkTraining(training, workers, checkpoints, timeout, time);
    }

    /**
     * Trains, writes the model file on the driver's machine and removes the checkpoints. With {@link TrainImage#resume} it goes on
     * from the checkpoints of a driver that was lost; without, those are set aside.
     *
     * @return the model file
     * @throws IllegalArgumentException when executors may come and go
     * @throws IllegalStateException when there are fewer slots than workers
     * @throws UncheckedIOException when the model file cannot be written, or the folder of checkpoints is not there
     */
    public Path run(SparkSession spark) {
        Slots.checkFixed(spark.sparkContext().getConf());
        Slots.await(spark.sparkContext(), workers, patience);
        var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        var configuration = SerializableConfiguration.broadcast(spark.sparkContext());
        var folder = new CheckpointFolder(checkpoints, configuration);
        if (!training.resume()) {
            folder.setAside();
        }
        var task = new RankTask(SentTraining.of(training), folder, timeout);
        var ranks = context.parallelize(IntStream.range(0, workers).boxed().toList(), workers);
        List<byte[][]> models = ranks.rdd()
                .barrier()
                .mapPartitions(task, false, ClassTag$.MODULE$.<byte[][]>apply(byte[][].class))
                .toJavaRDD()
                .repartition(1) // Spark tries a barrier stage again only when another stage comes after it
                .collect();
        try {
            AtomicFiles.write(training.out(), stream -> {
                for (byte[] piece : models.get(0)) {
                    stream.write(piece);
                }
            });
        } catch (IOException unwritten) {
            throw new UncheckedIOException(
                    "the model file " + training.out() + " cannot be written: " + unwritten.getMessage()
                            + ". Maybe the disk is full: the checkpoints are still in " + checkpoints + ".",
                    unwritten);
        }
        folder.delete();
        return training.out();
    }
}
