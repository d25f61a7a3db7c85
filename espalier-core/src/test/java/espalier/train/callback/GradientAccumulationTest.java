package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.Loaders;
import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.optim.Optimizers;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.testing.Numbers;
import espalier.train.Callback;
import espalier.train.Learner;
import espalier.train.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientAccumulationTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(GradientAccumulation.of(4), GradientClip.of(0.5));
    }

    private Loaders<double[]> loaders(int batchSize) {
        return Numbers.block().batchSize(batchSize).loaders(folder.resolve("data"));
    }

    private Learner<double[]> plain(int batchSize) {
        return Learner.of(loaders(batchSize), Linear.of(2, 2).reset(Rng.of(1)), Losses.crossEntropy())
                .optimizer(Optimizers.sgd())
                .precision(Precision.FLOAT32); // bfloat16 rounds each batch by itself
    }

    @Test
    void steps_equalThoseOfLargeBatches() {
        try (var small = plain(4).callback(GradientAccumulation.of(3));
                var large = plain(12)) {
            int steps = large.loaders().train().batches();
            assertThat(small.loaders().train().batches()).isGreaterThanOrEqualTo(3 * steps);
            // the same items in the same order: what does not fill a large batch comes last
            small.callback(new StopAfter(3 * steps));
            small.fit(1, Rates.of(0.5));
            large.fit(1, Rates.of(0.5));
            float[] expected = large.model().stateDict().get("weight").detach().toFloatArray();
            float[] actual = small.model().stateDict().get("weight").detach().toFloatArray();
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f));
            }
        }
    }

    @Test
    void lastStepOfAnEpoch_isTheMeanOfWhatIsLeft() {
        try (var learner = plain(4)) {
            int batches = learner.loaders().train().batches();
            try (var one = plain(4).callback(GradientAccumulation.of(batches));
                    var more = plain(4).callback(GradientAccumulation.of(100))) {
                one.fit(1, Rates.of(0.5));
                more.fit(1, Rates.of(0.5));
                assertThat(weights(more)).isEqualTo(weights(one));
                assertThat(one.history().steps()).hasSize(batches);
            }
        }
    }

    @Test
    void fewerThanOneBatch_isRefused() {
        assertThatThrownBy(() -> GradientAccumulation.of(0)).hasMessageContaining("received 0");
    }
}
