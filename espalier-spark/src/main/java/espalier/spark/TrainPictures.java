package espalier.spark;

import espalier.app.TrainImage;
import espalier.train.FineTune;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tutorial's second program, ready for {@code spark-submit}: trains on a folder of pictures that all executors see. */
public final class TrainPictures {
    private TrainPictures() {}

    /**
     * Arguments: the folder of pictures; the model file to write on the driver's machine; the number of workers; the epochs; the
     * folder for checkpoints, which all executors reach. A driver that is submitted again goes on from what is there.
     */
    public static void main(String[] args) {
        if (args.length != 5) {
            throw new IllegalArgumentException("expected PICTURES MODEL WORKERS EPOCHS CHECKPOINTS, received "
                    + args.length + " arguments. Maybe a path holds a blank.");
        }
        var spark = SparkSession.builder().getOrCreate();
        try {
            var job = TrainImage.of(Path.of(args[0]), Path.of(args[1]))
                    .schedule(FineTune.of(Integer.parseInt(args[3])))
                    .resume(true);
            train(spark, job, Integer.parseInt(args[2]), args[4]);
        } finally {
            spark.stop();
        }
    }

    static Path train(SparkSession spark, TrainImage job, int workers, String checkpoints) {
        // region train
        return SparkTraining.of(job) // such as TrainImage.of(Path.of("/shared/dogs"), Path.of("dogs.safetensors"))
                .workers(workers)
                .checkpoints(checkpoints) // such as hdfs:///checkpoints/dogs
                .run(spark);
        // endregion
    }

    static Path trainHead(SparkSession spark, TrainImage job, String folder) {
        // region head
        var features = SparkFeatures.of(job); // whose recipe has .freezeBody(true)
        features.compute(spark).write().parquet(folder); // each picture is read once
        return features.train(spark.read().parquet(folder)); // on the driver
        // endregion
    }

    static Dataset<Row> trials(SparkSession spark, TrainImage job, String folder) {
        // region trials
        return SparkTrials.of(job)
                .option("lr", "0.0005", "0.002")
                .run(spark, folder) // or .random(spark, folder, 20, seed)
                .orderBy("valid_loss"); // trial, options, valid_loss, metrics, history, seconds, model, error
        // endregion
    }
}
