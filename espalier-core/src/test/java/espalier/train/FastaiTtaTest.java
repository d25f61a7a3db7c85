package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.data.DataBlock;
import espalier.data.Splits;
import espalier.data.TargetBlock;
import espalier.data.Targets;
import espalier.format.Transform;
import espalier.item.Items;
import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import espalier.testing.plain.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** fastai's {@code learn.tta} on the same eight items, to each of which each pass adds the same numbers. */
@ExtendWith(NoLeaks.class)
class FastaiTtaTest {
    private static final Golden GOLDEN = Golden.load("train/tta");
    private static final int ITEMS = 8;
    private static final int WIDTH = 3;

    @TempDir
    Path data;

    @BeforeEach
    void makeData() throws IOException {
        double[] x = GOLDEN.doubles("x");
        for (int i = 0; i < ITEMS; i++) {
            var row = x[WIDTH * i] + " " + x[WIDTH * i + 1] + " " + x[WIDTH * i + 2];
            for (String part : List.of("train", "valid")) {
                Path folder = Files.createDirectories(data.resolve(part));
                Files.writeString(folder.resolve(i + ".num"), row);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"category,4,0.25", "category,2,0.25", "category,6,0.9", "tags,4,0.25", "tags,2,0.25", "tags,6,0.9"})
    void probabilities_equalFastai(String kind, int passes, double beta) {
        boolean tags = kind.equals("tags");
        TargetBlock target = tags ? Targets.multiCategory() : Targets.category();
        Loss loss = tags ? Losses.bceWithLogits() : Losses.crossEntropy();
        var loaders = DataBlock.of(new Numbers(), target)
                .items(Items.files(Numbers.ENDINGS))
                .split(Splits.byFolder())
                .label(item -> labels(tags, Integer.parseInt(item.id().replaceAll("\\D", ""))))
                .itemTransform(new KnownNoise())
                .batchSize(4)
                .loaders(data);
        try (var learner = Learner.of(loaders, model(), loss).precision(Precision.FLOAT32)) {
            var tta = new TestTimeAugmentation(passes, beta);
            assertThat(TestTimeAugmentation.standard()).isEqualTo(new TestTimeAugmentation(4, 0.25));
            var rows = tta.outputs(learner, loaders.valid()).probabilities();
            float[] expected = GOLDEN.floats(kind + "/" + passes + "/" + beta);
            for (int i = 0; i < expected.length; i++) {
                assertThat(rows[i / WIDTH][i % WIDTH])
                        .as("item %d, class %d", i / WIDTH, i % WIDTH)
                        .isCloseTo(expected[i], within(1e-6f));
            }
        }
    }

    private static List<String> labels(boolean tags, int item) {
        if (!tags) {
            return List.of(String.valueOf(GOLDEN.longs("category")[item]));
        }
        var labels = new ArrayList<String>();
        for (int k = 0; k < WIDTH; k++) {
            if (GOLDEN.doubles("tags")[WIDTH * item + k] == 1) {
                labels.add(String.valueOf(k));
            }
        }
        return labels;
    }

    private static Linear model() {
        var model = Linear.of(WIDTH, WIDTH);
        try (var scope = Scope.open()) {
            model.loadStateDict(Map.of(
                    "weight", Tensor.of(GOLDEN.floats("weight"), WIDTH, WIDTH),
                    "bias", Tensor.of(GOLDEN.floats("bias"), WIDTH)));
        }
        return model;
    }

    /** What the golden file's pass of an item adds to it. */
    private static final class KnownNoise implements Transform<double[]> {
        private final double[] x = GOLDEN.doubles("x");
        private final double[] noise = GOLDEN.doubles("noise");
        private final AtomicIntegerArray passes = new AtomicIntegerArray(ITEMS);

        @Override
        public double[] apply(double[] row, boolean training, Rng rng) {
            if (!training) {
                return row;
            }
            int item = 0;
            while (x[WIDTH * item] != row[0] || x[WIDTH * item + 1] != row[1]) {
                item++;
            }
            int pass = passes.getAndIncrement(item);
            double[] varied = row.clone();
            for (int k = 0; k < WIDTH; k++) {
                varied[k] += noise[(pass * ITEMS + item) * WIDTH + k];
            }
            return varied;
        }

        @Override
        public String name() {
            return "known_noise";
        }

        @Override
        public Map<String, Object> parameters() {
            return Map.of();
        }
    }
}
