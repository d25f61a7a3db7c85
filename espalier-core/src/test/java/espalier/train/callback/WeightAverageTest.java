package espalier.train.callback;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.Numbers;
import espalier.testing.plain.Golden;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightAverageTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(WeightAverage.exponential(0.8), SaveBest.of(Monitor.validLoss()));
    }

    private static Tensor golden(Golden golden, String name) {
        return Tensor.of(golden.floats(name), golden.shape(name));
    }

    /** Steps to the weights of the golden file, whatever the optimiser did. */
    private Learner<double[]> following(Golden golden, boolean epochs) {
        var loaders = Numbers.block().batchSize(8).loaders(folder.resolve("data"));
        return Learner.of(loaders, Linear.of(2, 2).reset(Rng.of(1)), Losses.crossEntropy())
                .callback(new Callback() {
                    private int step;

                    @Override
                    public Phase phase() {
                        return Phase.PREPARE;
                    }

                    private void follow(Fit fit) {
                        var weights = Map.of(
                                "weight", golden(golden, "step/" + step + "/weight"),
                                "bias", golden(golden, "step/" + step + "/bias"));
                        fit.learner().model().loadStateDict(weights);
                        step++;
                    }

                    @Override
                    public void afterStep(Fit fit, Step now) {
                        if (!epochs) {
                            follow(fit);
                        }
                    }

                    @Override
                    public void beforeValidate(Fit fit) {
                        if (epochs) {
                            try (var scope = espalier.tensor.Scope.open()) {
                                follow(fit);
                            }
                        }
                    }
                });
    }

    private static void check(Golden golden, String kind, Learner<?> learner) {
        var weights = learner.model().stateDict();
        assertThat(weights.get("weight").detach()).isCloseTo(golden(golden, kind + "/4/weight"), 1e-6);
        assertThat(weights.get("bias").detach()).isCloseTo(golden(golden, kind + "/4/bias"), 1e-6);
    }

    @Test
    void exponential_equalsPyTorchs() {
        var golden = Golden.load("kit/averages");
        try (var learner = following(golden, false).callback(WeightAverage.exponential(0.9))) {
            learner.callback(new StopAfter(5)).fit(1, Rates.of(0.01));
            check(golden, "ema", learner);
        }
    }

    @Test
    void stochastic_equalsPyTorchs() {
        var golden = Golden.load("kit/averages");
        try (var learner = following(golden, true).callback(WeightAverage.stochastic(0))) {
            learner.fit(5, Rates.of(0.01));
            check(golden, "swa", learner);
        }
    }

    @Test
    void stochastic_beginsAfterItsShareOfTheEpochs() {
        List<List<Float>> atEnds = new ArrayList<>();
        try (var learner = learner().callback(WeightAverage.stochastic(0.5))) {
            learner.callback(new Callback() {
                @Override
                public Phase phase() {
                    return Phase.REPORT;
                }

                @Override
                public void afterBatch(Fit fit, Step step) {
                    if (fit.position().batch()
                            == fit.learner().loaders().train().batches()) {
                        atEnds.add(weights(fit.learner()).get("0.bias"));
                    }
                }
            });
            learner.fit(4, Rates.of(0.05));
            var mean = weights(learner).get("0.bias");
            for (int i = 0; i < mean.size(); i++) {
                float expected = (atEnds.get(2).get(i) + atEnds.get(3).get(i)) / 2;
                assertThat(mean.get(i)).isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6f));
            }
        }
    }

    @Test
    void steps_goOnFromThePlainWeights() {
        List<Map<String, List<Float>>> begun = new ArrayList<>();
        var watch = new Callback() {
            @Override
            public void beforeEpoch(Fit fit) {
                begun.add(weights(fit.learner()));
            }
        };
        try (var averaged = learner().callback(WeightAverage.exponential(0.9)).callback(watch);
                var plain = learner().callback(watch)) {
            averaged.fit(2, Rates.of(0.05));
            plain.fit(2, Rates.of(0.05));
            assertThat(begun.get(1)).isEqualTo(begun.get(3));
            assertThat(weights(averaged)).isNotEqualTo(weights(plain));
        }
    }

    @Test
    void impossibleNumbers_areRefused() {
        assertThatThrownBy(() -> WeightAverage.exponential(1)).hasMessageContaining("[0, 1)");
        assertThatThrownBy(() -> WeightAverage.stochastic(1)).hasMessageContaining("[0, 1)");
    }
}
