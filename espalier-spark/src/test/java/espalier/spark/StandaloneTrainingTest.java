package espalier.spark;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.TrainImage;
import espalier.format.ModelFile;
import espalier.format.Safetensors;
import espalier.train.FineTune;
import espalier.weights.WeightCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StandaloneTrainingTest {
    private static final int MINUTES = 5;
    private static final int EPOCHS = 3;

    @TempDir
    Path folder;

    /**
     * X01 and X04: an executor is killed when the first epoch is done, and the stage that is tried again goes on from its checkpoint;
     * then the driver is killed, and one that is submitted anew goes on as well.
     */
    @Test
    void X01_X04_executorThenDriverKilled_changeNoWeight() throws Exception {
        var pictures = folder.resolve("pictures");
        SparkTrainingTest.pictures(pictures);
        var checkpoints = folder.resolve("checkpoints");
        var model = folder.resolve("killed.safetensors");
        var configuration = List.of(
                "spark.driver.host=127.0.0.1",
                "spark.ui.enabled=false",
                "spark.executor.cores=1",
                "spark.executor.memory=512m",
                "spark.executorEnv.ESPALIER_HOME=" + folder.resolve("home"),
                "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
        String[] arguments = {pictures.toString(), model.toString(), "2", String.valueOf(EPOCHS), checkpoints.toString()
        };
        List<Double> seconds;
        try (var cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")))) {
            var driver = cluster.submit(TrainPictures.class, configuration, arguments);
            await(driver, checkpoints, 1);
            var executors = cluster.executors();
            assertThat(executors).as(Files.readString(cluster.log("driver"))).hasSize(2);
            executors.get(0).destroyForcibly();
            await(driver, checkpoints, 2);
            seconds = seconds(checkpoints, 2);
            driver.destroyForcibly().waitFor();
            assertThat(cluster.log("driver")).content().contains("Lost executor");
            assertThat(model).doesNotExist();
            var second = cluster.submit(TrainPictures.class, configuration, arguments);
            assertThat(second.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(second.exitValue())
                    .as(Files.readString(cluster.log("driver")))
                    .isZero();
        }
        var unbroken = SparkTraining.of(TrainImage.of(pictures, folder.resolve("unbroken.safetensors"))
                        .schedule(FineTune.of(EPOCHS)))
                .run(LocalSpark.SESSION);
        SparkTrainingTest.assertSameWeights(unbroken, model);
        assertThat(ModelFile.load(model).document().history())
                .hasSize(EPOCHS + 1)
                .extracting(epoch -> (double) epoch.get("seconds"))
                .startsWith(seconds.toArray(Double[]::new)); // these epochs were not done again
        assertThat(checkpoints).doesNotExist();
    }

    /** Waits for a whole checkpoint: its marker is there before it. */
    private static void await(Process driver, Path checkpoints, int number) throws Exception {
        Path file = checkpoints.resolve(name(number));
        Path marker = checkpoints.resolve(name(number) + ".sha256");
        while (driver.isAlive()
                && !(Files.exists(file) && WeightCache.sha256(file).equals(Files.readString(marker)))) {
            Thread.sleep(20);
        }
    }

    private static String name(int number) {
        return "checkpoint-%06d.safetensors".formatted(number);
    }

    /** How long the epochs before a checkpoint took, the first of which was done by the first attempt. */
    private static List<Double> seconds(Path checkpoints, int number) {
        try (var file = Safetensors.open(checkpoints.resolve(name(number)))) {
            return Pattern.compile("\"seconds\":([0-9.]+)")
                    .matcher(file.metadata().get("espalier-checkpoint"))
                    .results()
                    .map(found -> Double.valueOf(found.group(1)))
                    .toList();
        }
    }
}
