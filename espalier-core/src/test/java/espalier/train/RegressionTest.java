package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.data.BatchTransform;
import espalier.data.DataBlock;
import espalier.data.InputBlock;
import espalier.data.Splits;
import espalier.data.Targets;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.item.Items;
import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.nn.Sequential;
import espalier.optim.Adam;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantities are learnt as PyTorch learns them: every loss, the final weights, what the model says. */
@ExtendWith(NoLeaks.class)
class RegressionTest {
    private static final Golden GOLDEN = Golden.load("regression");
    private static final int ROWS = 12;

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"mse", "l1", "huber"})
    void fit_equalsPyTorch(String loss) throws IOException {
        for (int i = 0; i < ROWS; i++) {
            Files.writeString(data.resolve("%02d.num".formatted(i)), "1");
        }
        float[] y = GOLDEN.floats("y");
        var loaders = DataBlock.of(
                        new Rows(),
                        Targets.numbers("a", "b").loss(Losses.named(loss).orElseThrow()))
                .items(Items.files(Set.of("num")))
                .split(Splits.none())
                .label(item ->
                        List.of(Float.toString(y[2 * row(item.id())]), Float.toString(y[2 * row(item.id()) + 1])))
                .batchSize(ROWS)
                .threads(1)
                .loaders(data);
        var linear = Linear.of(4, 2);
        var model = Sequential.of(linear, loaders.target().output().orElseThrow());
        try (var scope = Scope.open()) {
            linear.loadStateDict(Map.of(
                    "weight", Tensor.of(GOLDEN.floats("start/weight"), 2, 4),
                    "bias", Tensor.of(GOLDEN.floats("start/bias"), 2)));
        }
        try (var learner = Learner.of(loaders, model, loaders.target().loss())
                .precision(Precision.FLOAT32)
                .optimizer(Adam.standard().weightDecay(0))) {
            var history = learner.fit(GOLDEN.value("/epochs").asInt(), Rates.of(0.05));
            float[] losses = GOLDEN.floats(loss + "/losses");
            for (int i = 0; i < losses.length; i++) {
                assertThat(history.steps().get(i).loss()).isCloseTo(losses[i], within(1e-4 * losses[i]));
            }
            assertThat(linear.weight().detach().toFloatArray())
                    .containsExactly(GOLDEN.floats(loss + "/weight"), within(1e-4f));
            var outputs = learner.predictions(loaders.train().inOrder());
            float[] says = GOLDEN.floats(loss + "/says");
            for (int i = 0; i < ROWS; i++) {
                assertThat(outputs.probabilities()[i])
                        .containsExactly(Arrays.copyOfRange(says, 2 * i, 2 * i + 2), within(2e-3f));
            }
        }
    }

    private static int row(String id) {
        return Integer.parseInt(id.substring(0, 2));
    }

    private static final class Rows implements InputBlock<Integer> {
        @Override
        public String name() {
            return "row";
        }

        @Override
        public Optional<String> reject(Item item) {
            return Optional.empty();
        }

        @Override
        public Integer read(Item item, List<? extends Transform<Integer>> transforms, boolean training, Rng rng) {
            return row(item.id());
        }

        @Override
        public Supplier<Tensor> collate(
                List<Integer> rows, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
            float[] all = GOLDEN.floats("x");
            float[] x = new float[rows.size() * 4];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(all, rows.get(i) * 4, x, i * 4, 4);
            }
            return () -> Tensor.of(x, rows.size(), 4);
        }

        @Override
        public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<Integer>> transforms) {
            return List.of();
        }
    }
}
