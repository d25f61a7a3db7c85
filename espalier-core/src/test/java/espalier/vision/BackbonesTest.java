package espalier.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.data.DataBlock;
import espalier.data.Splits;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.train.Precision;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each architecture trains, exports, loads, predicts and shows where it looked. */
@ExtendWith(NoLeaks.class)
class BackbonesTest {
    private static final int EACH = 5;

    @TempDir
    Path folder;

    private Path data;

    /** Pictures whose left or right half is bright, with noise. */
    @BeforeEach
    void makePictures() throws IOException {
        data = folder.resolve("pictures");
        for (String label : List.of("left", "right")) {
            for (String part : List.of("train", "valid")) {
                Path to = Files.createDirectories(data.resolve(part).resolve(label));
                for (int i = 0; i < EACH; i++) {
                    var rng = Rng.of(i).derive(label.hashCode());
                    byte[] bytes = new byte[40 * 40 * 3];
                    for (int p = 0; p < bytes.length; p++) {
                        boolean bright = (p / 3 % 40 < 20) == label.equals("left");
                        bytes[p] = (byte) ((bright ? 160 : 20) + rng.nextInt(60));
                    }
                    ImageWriter.write(Image.of(40, 40, bytes), to.resolve(i + ".png"));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alexnet, 64",
        "squeezenet1.1, 64",
        "densenet121, 64",
        "googlenet, 64",
        "inception-v3, 80",
        "mobilenet-v3-large, 64",
        "mobilenetv4-conv-small, 64",
        "convnext-tiny, 64",
        "vit-small-patch14-dinov2, 70",
        "vit-small-patch16-224, 64"
    })
    void architecture_trainsExportsAndLoads(String name, int size) throws IOException {
        trainsExportsAndLoads(name, size);
    }

    /** The classifier that transfer learning leaves out is half a gigabyte. */
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = "vgg16")
    void largeArchitecture_trainsExportsAndLoads(String name) throws IOException {
        trainsExportsAndLoads(name, 64);
    }

    private void trainsExportsAndLoads(String name, int size) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Path picture = data.resolve("valid/left/0.png");
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.byFolder())
                .itemTransform(Transforms.resize(size))
                .batchSize(2 * EACH)
                .loaders(data);
        double accuracy;
        double loss;
        try (var learner = VisionLearner.of(loaders, Models.named(name), VisionLearner.Start.scratch())
                .metrics(Metrics.accuracy())
                .precision(Precision.FLOAT32)) { // what predictions are computed in
            learner.fit(1, Rates.of(1e-4));
            assertThat(learner.history().last().orElseThrow().trainLoss()).isFinite();
            var valid = learner.validate();
            accuracy = valid.metrics().get("accuracy").orElseThrow();
            loss = valid.loss().orElseThrow();
            learner.export(file);
        }
        try (var predictor = Predictor.load(file)) {
            int right = 0;
            double sum = 0;
            for (String label : List.of("left", "right")) {
                for (int i = 0; i < EACH; i++) {
                    var prediction = predictor.predict(
                            data.resolve("valid").resolve(label).resolve(i + ".png"));
                    right += prediction.label().equals(label) ? 1 : 0;
                    sum -= Math.log(prediction.byClass().get(label));
                }
            }
            assertThat(right / (2.0 * EACH)).isEqualTo(accuracy);
            if (loss < 10) { // beyond, probabilities round to 0
                assertThat(sum / (2 * EACH)).isCloseTo(loss, within(1e-3 * Math.max(1, loss)));
            }
            var cam = ImageGradCam.of(predictor).orElseThrow();
            assertThat(cam.overlay(picture, 0).getWidth()).isEqualTo(size);
        }
    }
}
