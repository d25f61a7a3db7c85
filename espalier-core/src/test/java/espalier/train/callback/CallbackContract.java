package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.loss.Losses;
import espalier.nn.BatchNorm1d;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import espalier.train.Callback;
import espalier.train.Checkpoints;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What every callback does; a test of one extends this. */
@ExtendWith(NoLeaks.class)
abstract class CallbackContract {
    static final int EPOCHS = 3;
    private static final int PLACES = 6;

    @TempDir
    Path folder;

    /** New callbacks of the kind, writing below {@code folder} if at all. */
    abstract List<Callback> callbacks();

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 30, 1);
    }

    /** A small net with everything that a resumption could forget: batch norm, dropout, an optimiser with state. */
    Learner<double[]> learner() {
        var loaders =
                Numbers.block().itemTransform(Numbers.noise(0.3)).batchSize(8).loaders(folder.resolve("data"));
        var net = Sequential.of(Linear.of(2, 6), BatchNorm1d.of(6), ReLU.of(), Dropout.of(0.2), Linear.of(6, 2));
        return Learner.of(loaders, net.reset(Rng.of(7)), Losses.crossEntropy());
    }

    Learner<double[]> learnerWith() {
        var learner = learner();
        callbacks().forEach(learner::callback);
        return learner;
    }

    static Map<String, List<Float>> weights(Learner<?> learner) {
        Map<String, List<Float>> all = new LinkedHashMap<>();
        learner.model().stateDict().forEach((name, value) -> {
            float[] values = value.detach().toFloatArray();
            all.put(
                    name,
                    java.util.stream.IntStream.range(0, values.length)
                            .mapToObj(i -> values[i])
                            .toList());
        });
        return all;
    }

    static Callback interruptAfter(int batches) {
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

    @Test
    void sameSeed_givesTheSameWeights() {
        try (var one = learnerWith();
                var other = learnerWith()) {
            one.fitOneCycle(EPOCHS, Rates.of(0.05));
            other.fitOneCycle(EPOCHS, Rates.of(0.05));
            assertThat(weights(other)).isEqualTo(weights(one));
        }
    }

    /** Used twice, a callback starts anew with each training. */
    @Test
    void secondTraining_isAsOfANewCallback() {
        try (var one = learnerWith();
                var other = learner()) {
            one.fitOneCycle(1, Rates.of(0.05));
            other.model().loadStateDict(one.model().stateDict());
            one.fitOneCycle(EPOCHS, Rates.of(0.05));
            callbacks().forEach(other::callback);
            other.fitOneCycle(EPOCHS, Rates.of(0.05));
            assertThat(weights(other)).isEqualTo(weights(one));
        }
    }

    @Test
    void interruptedAndResumed_endsWithTheSameWeights() {
        Map<String, List<Float>> whole;
        int batches;
        try (var learner = learnerWith()) {
            batches = EPOCHS * learner.loaders().train().batches();
            learner.fitOneCycle(EPOCHS, Rates.of(0.05));
            whole = weights(learner);
        }
        var rng = Rng.of(5);
        for (int i = 0; i < PLACES; i++) {
            int after = 1 + rng.nextInt(batches - 1);
            Path run = folder.resolve("run-" + i);
            try (var learner = learnerWith()) {
                learner.callback(Checkpoints.in(run)).callback(interruptAfter(after));
                learner.fitOneCycle(EPOCHS, Rates.of(0.05));
                assertThat(learner.wasInterrupted()).isTrue();
            }
            try (var learner = learnerWith()) {
                Checkpoints.in(run).resume(learner);
                assertThat(weights(learner))
                        .as("interrupted after batch %d of %d", after, batches)
                        .isEqualTo(whole);
            }
        }
    }
}
