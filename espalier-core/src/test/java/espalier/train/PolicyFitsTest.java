package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.nn.Sequential;
import espalier.optim.Policies;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Policies as the learner carries them out. */
@ExtendWith(NoLeaks.class)
class PolicyFitsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 40, 1);
    }

    private Learner<double[]> learner() {
        var loaders = Numbers.block().batchSize(8).loaders(folder.resolve("data"));
        var net = Sequential.of(Linear.of(2, 4), Linear.of(4, 2)).reset(Rng.of(7));
        return Learner.of(loaders, net, Losses.crossEntropy())
                .groups(net.children().values().stream()
                        .map(child -> List.copyOf(child.parameters().values()))
                        .toList());
    }

    private static List<Double> rates(History history) {
        return history.steps().stream().map(History.Step::lr).toList();
    }

    @Test
    void fit_movesTheRateAsThePolicySays() {
        try (var learner = learner()) {
            int batches = learner.loaders().train().batches();
            var history = learner.fit(3, Rates.of(0.1), Policies.step().every(1).factor(0.5));
            var rates = rates(history);
            for (int i = 0; i < rates.size(); i++) {
                assertThat(rates.get(i)).isCloseTo(0.1 * Math.pow(0.5, i / batches), within(1e-12));
            }
        }
    }

    @Test
    void fitSgdr_hasEpochsForEveryCosine() {
        try (var learner = learner()) {
            int batches = learner.loaders().train().batches();
            var rates = rates(learner.fitSgdr(2, 1, Rates.of(0.1)));
            assertThat(rates).hasSize(3 * batches);
            assertThat(rates.get(0)).isEqualTo(0.1);
            assertThat(rates.get(batches)).isCloseTo(0.1, within(1e-9));
            assertThat(rates.get(batches - 1)).isLessThan(0.01);
        }
    }

    @Test
    void fitFlatCosine_staysThenFalls() {
        try (var learner = learner()) {
            var rates = rates(learner.fitFlatCosine(4, Rates.of(0.1)));
            assertThat(rates.subList(0, rates.size() * 3 / 4)).containsOnly(0.1);
            assertThat(rates.get(rates.size() - 1)).isLessThan(0.01);
        }
    }

    @Test
    void fineTune_hasAPolicyForEachStage() {
        try (var learner = learner()) {
            int batches = learner.loaders().train().batches();
            var plan = FineTune.of(1).lr(0.1).policies(Policies.constant(), Policies.linear());
            var rates = rates(learner.fineTune(plan));
            assertThat(rates.subList(0, batches)).containsOnly(0.1);
            assertThat(rates.get(batches)).isCloseTo(0.05, within(1e-12));
            assertThat(rates.get(2 * batches - 1)).isLessThan(0.02);
        }
    }

    /** At a rate this large the loss does not fall for long. */
    @Test
    void plateau_followsTheValidationLossesAlsoAfterAResumption() {
        var policy = Policies.plateau().patience(0).factor(0.5);
        List<Double> whole;
        int batches;
        try (var learner = learner()) {
            batches = learner.loaders().train().batches();
            var history = learner.fit(6, Rates.of(2), policy);
            whole = rates(history);
            double[] losses = history.epochs().stream()
                    .mapToDouble(epoch -> epoch.validLoss().orElseThrow())
                    .toArray();
            for (int epoch = 0; epoch < 6; epoch++) {
                double expected = 2 * policy.factor(java.util.Arrays.copyOf(losses, epoch));
                assertThat(whole.get(epoch * batches)).isEqualTo(expected);
            }
            assertThat(whole.get(5 * batches)).isLessThan(2);
        }
        Path run = folder.resolve("run");
        try (var learner = learner().callback(Checkpoints.in(run))) {
            learner.callback(new Callback() {
                @Override
                public void afterBatch(Fit fit, Step step) {
                    if (fit.history().steps().size() == 5 * batches - 2) {
                        fit.learner().interrupt();
                    }
                }
            });
            learner.fit(6, Rates.of(2), policy);
        }
        try (var learner = learner()) {
            assertThat(rates(Checkpoints.in(run).resume(learner))).isEqualTo(whole);
        }
    }
}
