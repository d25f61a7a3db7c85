package espalier.spark;

import espalier.app.TrainingReport;
import espalier.files.Folders;
import espalier.tensor.Machine;
import espalier.train.EpochResult;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a task does with a trial: it trains, and puts the model file where all find it.
 *
 * @param sent the training
 * @param folder for the model files
 * @param configuration the driver's, of Hadoop
 */
record TrialTask(SentTraining sent, String folder, Broadcast<SerializableConfiguration> configuration)
        implements Serializable {
    private static final MapType FIGURES = DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType);

    /** The columns of the result. */
    static final StructType SCHEMA = new StructType()
            .add("trial", DataTypes.IntegerType)
            .add("options", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
            .add("valid_loss", DataTypes.DoubleType)
            .add("metrics", FIGURES)
            .add("history", DataTypes.createArrayType(FIGURES))
            .add("seconds", DataTypes.DoubleType)
            .add("model", DataTypes.StringType)
            .add("error", DataTypes.StringType);

    /** One choice of options, by their names on the command line. */
    record Trial(int number, TreeMap<String, String> options) implements Serializable {
        Object named() {
            Map<String, String> named = new HashMap<>();
            options.forEach((name, value) -> named.put(name.substring(2), value));
            return CollectionConverters.asScala(named);
        }
    }

    Row run(Trial trial) throws IOException {
        Machine.threads(TaskContext.get().cpus());
        Path own = Files.createTempDirectory("espalier-trial-");
        try {
            var training = sent;
            for (var option : trial.options().entrySet()) {
                training = training.with(option.getKey(), option.getValue());
            }
            Path file = own.resolve("trial-%04d.safetensors".formatted(trial.number()));
            var report = training.training(file).run();
            return row(trial, report, publish(file));
        } catch (RuntimeException failed) { // a trial that fails is a result: the others go on
            return row(trial, failed);
        } finally {
            Folders.delete(own);
        }
    }

    private String publish(Path file) throws IOException {
        var place = new org.apache.hadoop.fs.Path(folder, String.valueOf(file.getFileName()));
        try (var out = place.getFileSystem(configuration.value().value()).create(place, true)) {
            Files.copy(file, out);
        }
        return place.toString();
    }

    private static Row row(Trial trial, TrainingReport report, String model) {
        var kept = report.kept();
        @Nullable
        Double loss = kept.isPresent() && kept.get().validLoss().isPresent()
                ? kept.get().validLoss().getAsDouble()
                : null;
        return RowFactory.create(
                trial.number(),
                trial.named(),
                loss,
                kept.map(epoch -> figures(metrics(epoch))).orElse(null),
                report.history().stream().map(epoch -> figures(epoch.toMap())).toArray(),
                report.seconds(),
                model,
                null);
    }

    private static Row row(Trial trial, RuntimeException failed) {
        String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
        return RowFactory.create(trial.number(), trial.named(), null, null, null, null, null, reason);
    }

    private static Map<String, Object> metrics(EpochResult epoch) {
        var metrics = epoch.judged();
        metrics.remove("valid_loss");
        return metrics;
    }

    private static Object figures(Map<String, Object> values) {
        Map<String, Double> figures = new HashMap<>();
        values.forEach((name, value) -> {
            if (value instanceof Number number) {
                figures.put(name, number.doubleValue());
            }
        });
        return CollectionConverters.asScala(figures);
    }
}
