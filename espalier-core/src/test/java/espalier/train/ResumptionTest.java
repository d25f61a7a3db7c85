package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.DataBlock;
import espalier.data.Items;
import espalier.data.Targets;
import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.optim.Rates;
import espalier.tensor.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import espalier.train.callback.EarlyStopping;
import espalier.train.callback.Monitor;
import espalier.train.callback.SaveBest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a resumed run has in common with one that was not interrupted; see T04 in {@link LearnerTest} too. */
@ExtendWith(NoLeaks.class)
class ResumptionTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 40, 1);
    }

    private Learner<double[]> learner(long dataSeed) {
        var loaders = DataBlock.of(new Numbers(), Targets.category())
                .items(Items.files(Numbers.ENDINGS))
                .itemTransform(Numbers.noise(0.3))
                .batchSize(8)
                .seed(dataSeed)
                .loaders(folder.resolve("data"));
        return Learner.of(loaders, Linear.of(2, 2).reset(Rng.of(7)), Losses.crossEntropy());
    }

    private static Callback interruptAfter(int batches) {
        return new Callback() {
            private int done;

            @Override
            public void afterBatch(Fit fit, Step step) {
                if (++done == batches) {
                    fit.learner().interrupt();
                }
            }
        };
    }

    private static float[] weights(Learner<?> learner) {
        return learner.model().stateDict().get("weight").toFloatArray();
    }

    @Test
    void T04_interruptedBesideSaveBest_goesOnFromTheLastWeightsNotTheBest() {
        int epochs = 3;
        float[] whole;
        try (var learner = learner(42)) {
            learner.fit(epochs, Rates.of(0.3));
            whole = weights(learner);
        }
        int batches;
        Path run = folder.resolve("run");
        try (var learner =
                learner(42).callback(SaveBest.of(Monitor.validLoss())).callback(Checkpoints.in(run))) {
            batches = learner.loaders().train().batches();
            learner.callback(interruptAfter(2 * batches - 2));
            learner.fit(epochs, Rates.of(0.3));
            assertThat(learner.wasInterrupted()).isTrue();
        }
        try (var learner = learner(42)) {
            assertThat(Checkpoints.in(run).resume(learner).steps()).hasSize(epochs * batches);
            assertThat(weights(learner)).isEqualTo(whole);
        }
    }

    @Test
    void T04_earlyStopping_countsTheEpochsBeforeAResumption() {
        int whole;
        try (var learner = learner(42).callback(EarlyStopping.of(Monitor.higher("none"), 3))) {
            whole = learner.fit(9, Rates.of(0.01)).epochs().size();
        }
        Path run = folder.resolve("run");
        try (var learner = learner(42).callback(Checkpoints.in(run))) {
            learner.callback(interruptAfter(2 * learner.loaders().train().batches() + 1));
            learner.fit(9, Rates.of(0.01));
        }
        try (var learner = learner(42).callback(EarlyStopping.of(Monitor.higher("none"), 3))) {
            assertThat(Checkpoints.in(run).resume(learner).epochs()).hasSize(whole);
        }
    }
}
