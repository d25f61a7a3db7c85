package espalier.spark;

import static espalier.spark.LocalSpark.SESSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.app.PictureOptions;
import espalier.app.Recipe;
import espalier.app.TrainImage;
import espalier.format.ModelFile;
import espalier.format.Safetensors;
import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import espalier.train.Callback;
import espalier.train.FineTune;
import espalier.train.Fit;
import espalier.train.Precision;
import espalier.vision.model.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two tasks of a barrier stage train what one process trains. */
@ExtendWith({NoLeaks.class, LocalSpark.class})
class SparkTrainingTest {
    private static final float TOLERANCE = 1e-3f;

    @TempDir
    Path folder;

    @BeforeEach
    void makePictures() throws IOException {
        pictures(folder.resolve("pictures"));
    }

    static void pictures(Path root) throws IOException {
        var files = TinyModel.pictures(24);
        for (int i = 0; i < files.size(); i++) {
            var label = Files.createDirectories(root.resolve(i % 2 == 0 ? "ant" : "bee"));
            Files.write(label.resolve(i + ".png"), files.get(i));
        }
    }

    private TrainImage job(String name) {
        return TrainImage.of(folder.resolve("pictures"), folder.resolve(name))
                .pictures(PictureOptions.standard().size(32).batchSize(6))
                .schedule(FineTune.of(1))
                .recipe(Recipe.standard().head(Head.linear())) // without batch norms that see a share only
                .precision(Precision.FLOAT32);
    }

    static void assertSameWeights(Path one, Path other) {
        try (var a = Safetensors.open(one);
                var b = Safetensors.open(other)) {
            assertThat(a.tensors().keySet()).isEqualTo(b.tensors().keySet());
            a.tensors().forEach((name, raw) -> {
                float[] left = raw.floats();
                float[] right = b.tensors().get(name).floats();
                for (int i = 0; i < left.length; i++) {
                    assertThat(right[i]).as(name).isCloseTo(left[i], within(TOLERANCE));
                }
            });
        }
    }

    /** One step of the head alone. */
    @Test
    void twoWorkers_makeAModelFile() {
        var job = job("spark.safetensors");
        var step = job.schedule(FineTune.of(0)).pictures(job.pictures().batchSize(18));
        var model = SparkTraining.of(step).run(SESSION);
        assertThat(ModelFile.load(model).document().history())
                .singleElement()
                .satisfies(epoch ->
                        assertThat(epoch).containsEntry("phase", "frozen").containsKey("valid_loss"));
        assertThat(step.checkpoints().folder()).doesNotExist();
    }

    @Test
    @Tag("slow")
    void twoWorkers_makeTheModelOfOneProcess() {
        job("alone.safetensors").run();
        var model = TrainPictures.train(
                SESSION,
                job("spark.safetensors"),
                2,
                folder.resolve("checkpoints").toString());
        assertThat(model).isEqualTo(folder.resolve("spark.safetensors"));
        assertSameWeights(folder.resolve("alone.safetensors"), model);
        assertThat(ModelFile.load(model).document().history()).hasSize(2);
        assertThat(folder.resolve("checkpoints")).doesNotExist();
    }

    @Test
    @Tag("slow")
    void driverSubmittedAgain_goesOnFromTheCheckpoint() {
        job("alone.safetensors").run();
        var broken = job("spark.safetensors");
        var before = broken.run(new Callback() {
            @Override
            public void afterEpoch(Fit fit) {
                fit.learner().interrupt();
            }
        });
        var left = broken.checkpoints().folder();
        assertThat(left).isDirectory();
        var model = SparkTraining.of(broken.resume(true)).run(SESSION);
        assertSameWeights(folder.resolve("alone.safetensors"), model);
        var history = ModelFile.load(model).document().history();
        assertThat(history).hasSize(2);
        assertThat((double) history.get(0).get("seconds")) // so this epoch was not done again
                .isCloseTo(before.history().get(0).seconds(), within(1e-3));
        assertThat(left).doesNotExist();
    }

    /** X02: Spark itself would look for slots ten minutes long. */
    @Test
    void X02_tooFewSlots_failTheTrainingSoon() {
        var training = SparkTraining.of(job("x.safetensors")).workers(3).patience(Duration.ofMillis(300));
        assertThatThrownBy(() -> training.run(SESSION))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "a training by 3 workers needs as many slots at the same time, and after 0 s the"
                                + " cluster has 2. Maybe");
        assertThat(folder.resolve("x.safetensors")).doesNotExist();
    }

    /** X02: executors that come and go cannot train together. */
    @Test
    void X02_dynamicAllocation_isRefused() {
        var conf = new SparkConf(false)
                .set("spark.master", "spark://master.example:7077")
                .set("spark.dynamicAllocation.enabled", "true");
        assertThatThrownBy(() -> Slots.checkFixed(conf))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--conf spark.dynamicAllocation.enabled=false");
        Slots.checkFixed(conf.set("spark.master", "local[2]")); // where it is without effect
    }

    @Test
    void whatCannotBeSent_isNamed() {
        var job = job("x.safetensors");
        assertThatThrownBy(() -> SparkTraining.of(job.pictures(job.pictures().threads(3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("executors cannot be told all of this training's pictures");
        assertThatThrownBy(() -> SparkTraining.of(job.recipe(job.recipe().budget(Duration.ofMinutes(1)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SparkTraining.of(job).workers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("received 0");
    }
}
