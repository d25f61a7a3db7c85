package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.Batch;
import espalier.data.Loaders;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Precomputed;
import espalier.train.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MixUpTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(MixUp.standard());
    }

    private record Seen(float[] x, float[] y) {
        static Seen of(Batch batch) {
            return new Seen(batch.x().toFloatArray(), batch.y().toFloatArray());
        }
    }

    private List<Seen> batches(Callback mixing) {
        List<Seen> seen = new ArrayList<>();
        var look = new Callback() {
            @Override
            public void beforeBatch(Fit fit, Step step) {
                seen.add(Seen.of(step.batch()));
            }
        };
        var before = new Callback() {
            @Override
            public Phase phase() {
                return Phase.PREPARE;
            }

            @Override
            public void beforeBatch(Fit fit, Step step) {
                look.beforeBatch(fit, step);
            }
        };
        try (var learner = learner().callback(before).callback(mixing).callback(look)) {
            learner.callback(new StopAfter(1)).fit(1, Rates.of(0.01));
        }
        return seen;
    }

    /** Every row of x is the mixture that its row of y says, of the item itself and one other. */
    @Test
    void inputsAndTargets_areMixedAlike() {
        var seen = batches(MixUp.of(1));
        float[] x = seen.get(0).x();
        float[] y = seen.get(0).y();
        float[] mixedX = seen.get(1).x();
        float[] mixedY = seen.get(1).y();
        int mixtures = 0;
        for (int i = 0; i < y.length; i++) {
            float own = mixedY[2 * i + (int) y[i]];
            assertThat(own).isBetween(0.5f - 1e-6f, 1 + 1e-6f);
            assertThat(mixedY[2 * i] + mixedY[2 * i + 1]).isCloseTo(1, within(1e-6f));
            if (own < 1 - 1e-6) { // of another class: the share is known
                mixtures++;
                int row = i;
                assertThat(java.util.stream.IntStream.range(0, y.length)
                                .filter(j -> y[j] != y[row])
                                .anyMatch(j -> close(mixedX, row, x, own, j)))
                        .as("row %d", i)
                        .isTrue();
            }
        }
        assertThat(mixtures).isPositive();
    }

    private static boolean close(float[] mixed, int row, float[] x, float share, int partner) {
        double off = 0;
        for (int k = 0; k < 2; k++) {
            off += Math.abs(mixed[2 * row + k] - share * x[2 * row + k] - (1 - share) * x[2 * partner + k]);
        }
        return off < 1e-4;
    }

    @Test
    void shares_areOfTheBetaDistribution() {
        for (double alpha : new double[] {0.4, 1, 3}) {
            var rng = Rng.of(3);
            double[] draws = new double[20_000];
            Arrays.setAll(draws, i -> Mixing.beta(rng, alpha));
            double mean = Arrays.stream(draws).average().orElseThrow();
            double variance = Arrays.stream(draws)
                    .map(d -> (d - mean) * (d - mean))
                    .average()
                    .orElseThrow();
            assertThat(mean).isCloseTo(0.5, within(0.01));
            assertThat(variance).isCloseTo(0.25 / (2 * alpha + 1), within(0.005));
        }
    }

    @Test
    void targetsThatAreNumbers_areMixedAsTheyAre() {
        var own = Tensor.of(new float[] {0, 1}, 2, 1);
        var partner = Tensor.of(new float[] {1, 0}, 2, 1);
        assertThat(Mixing.mixed(own, partner, Tensor.of(new float[] {1, 0.75f}, 2))
                        .toFloatArray())
                .containsExactly(0, 0.75f);
    }

    /** What was computed of the items alone would not know of their mixtures. */
    @Test
    void nothingIsComputedOfTheItemsBeforehand() {
        List<String> asked = new ArrayList<>();
        var body = new Precomputed() {
            @Override
            public Optional<Loaders<?>> loaders(Learner<?> learner) {
                asked.add("asked");
                return Optional.empty();
            }

            @Override
            public void close() {}
        };
        try (var mixed = learner().precomputed(body).callback(MixUp.standard());
                var plain = learner().precomputed(body)) {
            mixed.fit(1, Rates.of(0.01));
            assertThat(asked).isEmpty();
            plain.fit(1, Rates.of(0.01));
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void alpha_isPositive() {
        assertThatThrownBy(() -> MixUp.of(0)).hasMessageContaining("alpha must be positive");
        assertThatThrownBy(() -> CutMix.of(-1)).hasMessageContaining("alpha must be positive");
    }
}
