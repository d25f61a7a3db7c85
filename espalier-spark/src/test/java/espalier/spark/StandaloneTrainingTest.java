package espalier.spark;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.TrainImage;
import espalier.train.FineTune;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StandaloneTrainingTest {
    private static final int MINUTES = 5;
    private static final int EPOCHS = 3;

    @TempDir
    Path folder;

    /** An executor is killed when the first epoch is done: the stage is tried again, and goes on from its checkpoint. */
    @Test
    void executorKilledInTheSecondEpoch_changesNoWeight() throws Exception {
        var pictures = folder.resolve("pictures");
        SparkTrainingTest.pictures(pictures);
        var checkpoints = folder.resolve("checkpoints");
        var model = folder.resolve("killed.safetensors");
        var configuration = List.of(
                "spark.driver.host=127.0.0.1",
                "spark.ui.enabled=false",
                "spark.executor.cores=1",
                "spark.executor.memory=512m",
                "spark.scheduler.barrier.maxConcurrentTasksCheck.interval=1s",
                "spark.executorEnv.ESPALIER_HOME=" + folder.resolve("home"),
                "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
        try (var cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")))) {
            var driver = cluster.submit(
                    TrainPictures.class,
                    configuration,
                    pictures.toString(),
                    model.toString(),
                    "2",
                    String.valueOf(EPOCHS),
                    checkpoints.toString());
            while (driver.isAlive() && !written(checkpoints)) {
                Thread.sleep(20);
            }
            var executors = cluster.executors();
            assertThat(executors).as(Files.readString(cluster.log("driver"))).hasSize(2);
            executors.get(0).destroyForcibly();
            assertThat(driver.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(driver.exitValue())
                    .as(Files.readString(cluster.log("driver")))
                    .isZero();
            assertThat(cluster.log("driver")).content().contains("Lost executor");
        }
        var unbroken = SparkTraining.of(TrainImage.of(pictures, folder.resolve("unbroken.safetensors"))
                        .schedule(FineTune.of(EPOCHS)))
                .run(LocalSpark.SESSION);
        SparkTrainingTest.assertSameWeights(unbroken, model);
        assertThat(checkpoints).doesNotExist();
    }

    private static boolean written(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (var files = Files.list(checkpoints)) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
        }
    }
}
