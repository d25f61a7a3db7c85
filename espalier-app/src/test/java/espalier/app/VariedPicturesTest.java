package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.image.Image;
import espalier.image.Transforms;
import espalier.predict.Engine;
import espalier.predict.ImageTask;
import espalier.predict.Inputs;
import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import espalier.train.TestTimeAugmentation;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class VariedPicturesTest {
    private static final int SIDE = 16;

    /** Says how red each picture is, and notes it. */
    private static final class Redness implements Engine {
        private final List<Float> seen = new ArrayList<>();

        @Override
        public String name() {
            return "redness";
        }

        @Override
        public float[][] probabilities(Inputs inputs) {
            var bytes = (ByteBuffer) inputs.elements();
            float[][] rows = new float[inputs.count()][];
            int pixels = SIDE * SIDE;
            for (int i = 0; i < rows.length; i++) {
                double sum = 0;
                for (int k = 0; k < pixels; k++) {
                    sum += (bytes.get(3 * (i * pixels + k)) & 0xff) / 255.0 / pixels;
                }
                rows[i] = new float[] {(float) sum, (float) (1 - sum)};
                seen.add((float) sum);
            }
            return rows;
        }

        @Override
        public void close() {}
    }

    private static ModelDocument document(Map<String, String> options) {
        var crop = Transforms.randomResizedCrop(SIDE).minScale(0.3);
        return ModelDocument.of(
                        ImageTask.KIND + "classification",
                        new ModelDocument.Architecture("resnet18", Map.of()),
                        List.of("red", "other"))
                .transforms(List.of(new ModelDocument.Step(crop.name(), crop.parameters())))
                .activation("softmax")
                .details(RunOptions.details(options));
    }

    private static Predictor predictor(Redness engine, Map<String, String> options, int passes) {
        var task = new ImageTask(document(options), engine, Optional.empty());
        return VariedPictures.of(
                Predictor.of(task), TestTimeAugmentation.standard().passes(passes));
    }

    /** Red grows from left to right, so that each crop has its own redness. */
    private static BufferedImage slope() {
        var picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 64; x++) {
            for (int y = 0; y < 64; y++) {
                picture.setRGB(x, y, (4 * x) << 16);
            }
        }
        return picture;
    }

    @Test
    void answer_isAQuarterOfThePlainViewAndTheMeanOfTheOthers() {
        var engine = new Redness();
        try (var predictor = predictor(engine, Map.of(), 3)) {
            float red = predictor.predict(slope()).probabilities()[0];
            assertThat(engine.seen).hasSize(4).doesNotHaveDuplicates();
            double varied = (engine.seen.get(1) + engine.seen.get(2) + engine.seen.get(3)) / 3;
            assertThat((double) red).isCloseTo(0.25 * engine.seen.get(0) + 0.75 * varied, within(1e-6));
        }
    }

    @Test
    void firstView_isTheOneOfPlainPrediction() {
        var engine = new Redness();
        var alone = new Redness();
        try (var predictor = predictor(engine, Map.of(), 1);
                var plain = Predictor.of(new ImageTask(document(Map.of()), alone, Optional.empty()))) {
            predictor.predict(slope());
            plain.predict(slope());
            assertThat(engine.seen.get(0)).isEqualTo(alone.seen.get(0));
        }
    }

    @Test
    void samePicture_getsTheSameAnswerAloneAndAmongManyOthers() {
        try (var predictor = predictor(new Redness(), Map.of("--augment", "standard"), 4)) {
            float alone = predictor.predict(slope()).probabilities()[0];
            var inputs = new ArrayList<Object>();
            var task = predictor.task();
            for (int i = 0; i < 20; i++) {
                inputs.add(task.read(i == 13 ? slope() : new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB)));
            }
            @SuppressWarnings("unchecked") // what the task itself has read
            var rows = ((VariedPictures) task).probabilities((List<List<Image>>) (List<?>) inputs);
            assertThat(rows).hasDimensions(20, 2);
            assertThat(rows[13][0]).isCloseTo(alone, within(1e-6f));
            assertThat(rows[12][0]).isZero();
        }
    }

    @Test
    void light_changesOnlyWhereTheTrainingChangedIt() {
        var lit = new Redness();
        var unlit = new Redness();
        var grey = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 32; i++) {
            grey.setRGB(i % 32, i / 32, 0x808080);
        }
        try (var with = predictor(lit, Map.of("--augment", "standard"), 4);
                var without = predictor(unlit, Map.of("--augment", "none"), 4)) {
            with.predict(grey);
            without.predict(grey);
            assertThat(lit.seen)
                    .hasSizeGreaterThan(1)
                    .anySatisfy(red -> assertThat(red).isNotCloseTo(lit.seen.get(0), within(0.01f)));
            assertThat(unlit.seen).allSatisfy(red -> assertThat(red).isCloseTo(128 / 255f, within(0.002f)));
        }
    }
}
