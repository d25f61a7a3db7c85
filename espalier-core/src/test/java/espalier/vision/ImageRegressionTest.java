package espalier.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.data.Targets;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.interpret.Interpretation;
import espalier.item.Items;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.train.Precision;
import espalier.vision.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pictures whose brightness is to be said, in a unit whose numbers are far from those of a network. */
@ExtendWith(NoLeaks.class)
class ImageRegressionTest {
    private static final int PICTURES = 40;

    @TempDir
    Path folder;

    private Path data;

    /** Named by what they weigh, 1000 to 4900, and as bright as they are heavy. */
    @BeforeEach
    void makePictures() throws Exception {
        data = Files.createDirectories(folder.resolve("pictures"));
        for (int i = 0; i < PICTURES; i++) {
            var rng = Rng.of(i);
            byte[] bytes = new byte[32 * 32 * 3];
            for (int p = 0; p < bytes.length; p++) {
                bytes[p] = (byte) (10 + 5 * i + rng.nextInt(20));
            }
            ImageWriter.write(Image.of(32, 32, bytes), data.resolve(1000 + 100 * i + ".png"));
        }
    }

    private Loaders<Image> loaders() {
        return DataBlock.of(Blocks.image(), Targets.numbers("weight"))
                .items(Items.imageFiles())
                .split(Splits.random(0.2).seed(1))
                .label(item -> List.of(item.id().replace(".png", "")))
                .itemTransform(Transforms.resize(32))
                .batchSize(8)
                .loaders(data);
    }

    @Test
    void model_learnsIsExportedAndSaysQuantities() {
        Path file = folder.resolve("weights.safetensors");
        var loaders = loaders();
        float[][] said;
        List<Path> files;
        try (var learner = VisionLearner.of(loaders, Models.resnet18(), VisionLearner.Start.scratch())
                .precision(Precision.FLOAT32)
                .metrics(Metrics.mae())) {
            learner.unfreeze();
            var history = learner.fitOneCycle(8, Rates.of(3e-3));
            assertThat(loaders.valid().dataset().size()).isBetween(4, 12);
            // The mean of all weights is wrong by 1000 on average.
            assertThat(history.last().orElseThrow().value("mae").orElseThrow()).isLessThan(600);
            var outputs = learner.predictions();
            said = outputs.probabilities();
            files = outputs.items().stream().map(item -> item.path()).toList();
            learner.export(file);
            assertThatThrownBy(() -> Interpretation.of(learner)).hasMessageContaining("no classes to be confused");
        }
        try (var model = Predictor.load(file)) {
            assertThat(model.document().task()).isEqualTo("image-regression");
            for (int i = 0; i < files.size(); i++) {
                var prediction = model.predict(files.get(i));
                assertThat(prediction.isNumeric()).isTrue();
                assertThat(prediction.values()).containsOnlyKeys("weight");
                assertThat(prediction.values().get("weight")).isCloseTo(said[i][0], within(0.5));
                assertThat(prediction.toString()).startsWith("weight ");
                assertThatThrownBy(prediction::label)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("values()");
            }
        }
    }
}
