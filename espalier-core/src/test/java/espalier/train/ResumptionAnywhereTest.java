package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.loss.Losses;
import espalier.nn.BatchNorm1d;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Policies;
import espalier.optim.Policy;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import espalier.train.callback.EarlyStopping;
import espalier.train.callback.GradientAccumulation;
import espalier.train.callback.MixUp;
import espalier.train.callback.Monitor;
import espalier.train.callback.SaveBest;
import espalier.train.callback.WeightAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training with everything at once that a resumption could forget, interrupted anywhere: MixUp, an average of the weights,
 * steps of several batches, the best weights, a schedule and a callback that read the validation losses, and a user's own
 * callback with a state.
 */
@ExtendWith(NoLeaks.class)
class ResumptionAnywhereTest {
    private static final int PLACES = 20;
    private static final Monitor LOSS = Monitor.validLoss();

    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 12, 1);
    }

    /** Counts the steps, and lets the gradients shrink as it does: a user's own callback. */
    private static final class Shrinking implements StatefulCallback {
        private long steps;

        @Override
        public void beforeFit(Fit fit) {
            steps = 0;
        }

        @Override
        public void beforeStep(Fit fit, Step step) {
            steps++;
            fit.learner()
                    .model()
                    .parameters()
                    .values()
                    .forEach(parameter -> parameter.grad().ifPresent(gradient -> gradient.mul_(1.0 / steps)));
        }

        @Override
        public String stateName() {
            return "shrinking";
        }

        @Override
        public Map<String, Tensor> state() {
            return Map.of("steps", Tensor.of(new long[] {steps}));
        }

        @Override
        public void loadState(Fit fit, Map<String, Tensor> state) {
            steps = state.get("steps").toLongArray()[0];
        }
    }

    private Learner<double[]> learner() {
        var loaders =
                Numbers.block().itemTransform(Numbers.noise(0.3)).batchSize(4).loaders(folder.resolve("data"));
        var body = Sequential.of(Linear.of(2, 6), BatchNorm1d.of(6), ReLU.of(), Dropout.of(0.2));
        var head = Linear.of(6, 2);
        var net = Sequential.of(body, head);
        return Learner.of(loaders, net.reset(Rng.of(7)), Losses.crossEntropy())
                .groups(List.of(
                        List.copyOf(body.parameters().values()),
                        List.copyOf(head.parameters().values())))
                .precision(Precision.FLOAT32)
                .callback(MixUp.of(0.4))
                .callback(WeightAverage.exponential(0.9))
                .callback(GradientAccumulation.of(2))
                .callback(EarlyStopping.of(LOSS, 4))
                .callback(SaveBest.of(LOSS))
                .callback(new Shrinking());
    }

    /** A frozen cycle, one whose rate falls with the validation losses, and one whose rate moves with each batch. */
    private static List<Cycle> plan() {
        Policy plateau = Policies.plateau().patience(0);
        return List.of(
                new Cycle("frozen", 1, 1, List.of(0.05, 0.05), Policies.constant()),
                new Cycle("plateau", 3, 0, List.of(0.2, 0.4), plateau),
                new Cycle("one-cycle", 1, 0, List.of(0.02, 0.05), Policies.oneCycle()));
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

    /** What must not depend on interruptions: the weights, and what the epochs and steps are said to have given. */
    private record Outcome(
            Map<String, List<Float>> weights,
            List<Double> losses,
            List<History.Step> steps,
            Optional<Integer> kept,
            Optional<String> stopped) {
        static Outcome of(Learner<?> learner, Fits seen) {
            Map<String, List<Float>> weights = new LinkedHashMap<>();
            learner.model().stateDict().forEach((name, value) -> {
                float[] values = value.detach().toFloatArray();
                weights.put(
                        name,
                        IntStream.range(0, values.length)
                                .mapToObj(i -> values[i])
                                .toList());
            });
            var history = learner.history();
            var losses = history.epochs().stream()
                    .map(epoch -> epoch.validLoss().orElseThrow())
                    .toList();
            return new Outcome(
                    weights, losses, history.steps(), history.kept().map(EpochResult::epoch), seen.stopReason);
        }
    }

    /** Remembers why a training was stopped. */
    private static final class Fits implements Callback {
        private Optional<String> stopReason = Optional.empty();

        @Override
        public Phase phase() {
            return Phase.REPORT;
        }

        @Override
        public void afterFit(Fit fit) {
            stopReason = fit.stopReason();
        }
    }

    private Outcome uninterrupted() {
        var seen = new Fits();
        try (var learner = learner().callback(seen)) {
            learner.run(plan());
            return Outcome.of(learner, seen);
        }
    }

    /** Interrupted after so many batches, then after so many more, each time resumed by a learner that knows nothing. */
    private Outcome interrupted(Path run, List<Integer> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            var checkpoints = Checkpoints.in(run);
            try (var learner = learner().callback(checkpoints).callback(interruptAfter(pieces.get(i)))) {
                if (i == 0) {
                    learner.run(plan());
                } else {
                    checkpoints.resume(learner);
                }
                assertThat(learner.wasInterrupted()).isTrue();
            }
        }
        var seen = new Fits();
        try (var learner = learner().callback(seen)) {
            Checkpoints.in(run).resume(learner);
            return Outcome.of(learner, seen);
        }
    }

    @Test
    void T04_interruptedAnywhere_amidEverythingThatHasAState_endsAsIfItHadNotBeen() {
        Outcome whole = uninterrupted();
        assertThat(uninterrupted()).as("the same training twice").isEqualTo(whole);
        int batches = whole.steps().size();
        assertThat(whole.losses()).as("epochs").hasSizeGreaterThan(3);
        var rng = Rng.of(11);
        for (int i = 0; i < PLACES; i++) {
            int first = 1 + rng.nextInt(batches - 2);
            int second = 1 + rng.nextInt(batches - 1 - first);
            var pieces = i % 4 == 0 ? List.of(first, second) : List.of(first);
            assertThat(interrupted(folder.resolve("run-" + i), pieces))
                    .as("interrupted after %s of %d batches", pieces, batches)
                    .isEqualTo(whole);
        }
    }
}
