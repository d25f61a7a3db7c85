package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.loss.Losses;
import espalier.metric.Metrics;
import espalier.nn.BatchNorm1d;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.OptimizerFactory;
import espalier.optim.Optimizers;
import espalier.optim.Policies;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import espalier.testing.RankThreads;
import espalier.train.callback.GradientAccumulation;
import espalier.train.callback.GradientClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several ranks, each a thread with a learner of its own, train what one process trains with the same batches. */
@ExtendWith(NoLeaks.class)
class DistributedTest {
    private static final float TOLERANCE = 1e-5f;

    @TempDir
    Path folder;

    /** What a training came to. */
    private record Trained(List<float[]> weights, List<History.Step> steps, List<EpochResult> epochs) {
        static Trained of(Learner<?> learner) {
            var weights = new ArrayList<float[]>();
            learner.model().stateDict().values().forEach(tensor -> weights.add(tensor.toFloatArray()));
            return new Trained(
                    weights, learner.history().steps(), learner.history().epochs());
        }
    }

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 50, 1);
    }

    private Learner<double[]> learner(int batchSize, OptimizerFactory optimizer) {
        var loaders = Numbers.block()
                .itemTransform(Numbers.noise(0.3))
                .batchSize(batchSize)
                .loaders(folder.resolve("data"));
        Module model = Sequential.of(Linear.of(2, 16), BatchNorm1d.of(16), ReLU.of(), Linear.of(16, 2));
        model.reset(Rng.of(7));
        return Learner.of(loaders, model, Losses.crossEntropy())
                .metrics(Metrics.accuracy())
                .optimizer(optimizer)
                .groups(groups(model))
                .norms(Norms.REST)
                .precision(Precision.FLOAT32);
    }

    /** The norm belongs to the body, whose norms rest. */
    private static List<List<Tensor>> groups(Module model) {
        var all = List.copyOf(model.parameters().values());
        return List.of(all.subList(0, 4), all.subList(4, 6));
    }

    private Learner<double[]> learner() {
        return learner(14, Optimizers.sgd());
    }

    private static Trained train(Learner<?> learner) {
        learner.fitOneCycle(4, Rates.of(0.1));
        return Trained.of(learner);
    }

    private Trained alone(UnaryOperator<Learner<?>> choices) {
        try (var learner = learner()) {
            return train(choices.apply(learner));
        }
    }

    private List<Trained> together(int size, UnaryOperator<Learner<?>> choices) throws Exception {
        return RankThreads.run(size, group -> {
            try (var learner = learner()) {
                return train(choices.apply(learner.distributed(group)));
            }
        });
    }

    private static void assertSame(List<Trained> ranks, Trained alone) {
        for (var rank : ranks) {
            for (int i = 0; i < alone.weights().size(); i++) {
                float[] expected = alone.weights().get(i);
                for (int k = 0; k < expected.length; k++) {
                    assertThat(rank.weights().get(i)[k]).isCloseTo(expected[k], within(TOLERANCE));
                }
            }
            assertThat(rank.steps()).hasSameSizeAs(alone.steps());
            for (int i = 0; i < alone.steps().size(); i++) {
                assertThat(rank.steps().get(i).loss())
                        .isCloseTo(alone.steps().get(i).loss(), within(1e-5));
                assertThat(rank.steps().get(i).lr())
                        .isEqualTo(alone.steps().get(i).lr());
            }
            for (int i = 0; i < alone.epochs().size(); i++) {
                assertThat(rank.epochs().get(i).validLoss().orElseThrow())
                        .isCloseTo(alone.epochs().get(i).validLoss().orElseThrow(), within(1e-5));
                assertThat(rank.epochs().get(i).metrics())
                        .isEqualTo(alone.epochs().get(i).metrics());
            }
        }
    }

    /** Five batches an epoch, of 14 items: five for the first two ranks, four for the third. */
    @Test
    void threeRanksWithUnevenShares_trainAsOneProcess() throws Exception {
        var alone = alone(UnaryOperator.identity());
        assertThat(alone.steps()).hasSizeGreaterThanOrEqualTo(20);
        assertSame(together(3, UnaryOperator.identity()), alone);
    }

    @Test
    void accumulatedAndClippedGradients_areThoseOfOneProcess() throws Exception {
        UnaryOperator<Learner<?>> choices =
                learner -> learner.callback(GradientAccumulation.of(2)).callback(GradientClip.of(0.1));
        assertSame(together(2, choices), alone(choices));
    }

    /** Shares in which one item or none is left, as files that cannot be read are missing; the other rank has the rest. */
    @Test
    void sharesOfWhichNothingIsLeft_keepTheRanksInStep() throws Exception {
        for (int i = 0; i < 30; i++) {
            Files.writeString(folder.resolve("data/cat/%04d.num".formatted(i)), "-1 2");
        }
        for (int i = 0; i < 4; i++) {
            Files.writeString(folder.resolve("data/dog/%04d.num".formatted(i)), "x");
        }
        var ranks = RankThreads.run(2, group -> {
            try (var learner = learner(4, Optimizers.adam())) {
                return train(learner.distributed(group));
            }
        });
        assertThat(ranks.get(0).steps())
                .hasSizeGreaterThan(20)
                .isEqualTo(ranks.get(1).steps());
        for (int i = 0; i < ranks.get(0).weights().size(); i++) {
            assertThat(ranks.get(0).weights().get(i))
                    .isEqualTo(ranks.get(1).weights().get(i));
        }
    }

    @Test
    void weightsToBeginWith_areThoseOfRank0() throws Exception {
        var alone = alone(UnaryOperator.identity());
        var ranks = together(2, learner -> {
            if (learner.rank() == 1) {
                learner.model().reset(Rng.of(99));
            }
            return learner;
        });
        assertSame(ranks, alone);
    }

    @Test
    void interruptedRank_stopsAllAtTheSameBatch_andAllGoOnFromRank0sCheckpoint() throws Exception {
        Path run = folder.resolve("run");
        var stopped = together(2, learner -> {
            if (learner.rank() == 1) {
                learner.callback(new Callback() {
                    @Override
                    public void afterBatch(Fit fit, Step step) {
                        if (fit.position().equals(new Position(0, 1, 3))) {
                            fit.learner().interrupt();
                        }
                    }
                });
            }
            return learner.callback(Checkpoints.in(run));
        });
        assertThat(stopped.get(0).steps()).hasSameSizeAs(stopped.get(1).steps()).hasSizeLessThan(10);
        assertThat(Files.list(run)).hasSize(3); // two checkpoints and a text
        var resumed = RankThreads.run(2, group -> {
            try (var learner = learner().distributed(group)) {
                Checkpoints.in(run).resume(learner);
                return Trained.of(learner);
            }
        });
        assertSame(resumed, alone(UnaryOperator.identity()));
    }

    @Test
    void ranksThatDiffer_areToldInWhat() {
        assertThatThrownBy(() -> RankThreads.run(2, group -> {
                    try (var learner = learner(group.rank() == 0 ? 14 : 16, Optimizers.sgd())) {
                        return train(learner.seed(group.rank()).distributed(group));
                    }
                }))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("the ranks cannot train together, for they differ in: batch size, seed.");
    }

    private static Callback change(float by) {
        return new Callback() {
            @Override
            public void afterBatch(Fit fit, Step step) {
                if (fit.learner().rank() == 1 && fit.position().equals(new Position(0, 1, 3))) {
                    try (var off = Grad.off()) {
                        fit.learner().model().parameters().values().forEach(weight -> weight.add_(by));
                    }
                }
            }
        };
    }

    /** X06: a rank whose weights went another way is found at the end of the epoch. */
    @Test
    void X06_weightsThatDiverge_endTheTraining() {
        assertThatThrownBy(() -> together(2, learner -> learner.callback(change(0.1f))))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("the weights of the ranks differ by up to 0.1")
                .hasMessageContaining("after epoch 2. Maybe");
    }

    /** X08: machines that round differently end with one model all the same. */
    @Test
    void weightsThatDifferByRounding_becomeThoseOfRank0() throws Exception {
        var ranks = together(2, learner -> learner.callback(change(1e-6f)));
        for (int i = 0; i < ranks.get(0).weights().size(); i++) {
            assertThat(ranks.get(1).weights().get(i))
                    .isEqualTo(ranks.get(0).weights().get(i));
        }
    }

    @Test
    void batchOfFewerItemsThanRanks_isRefused() {
        assertThatThrownBy(() -> RankThreads.run(2, group -> {
                    try (var learner = learner(1, Optimizers.sgd())) {
                        return train(learner.distributed(group));
                    }
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a batch of 1 cannot be shared by 2 ranks");
    }

    /** A parameter of which nobody has a gradient stays as it is, as in one process. */
    @Test
    void frozenParameters_stay() throws Exception {
        UnaryOperator<Learner<?>> choices = learner -> {
            learner.run(List.of(Cycle.of("head", 1, 1, new double[] {0.1, 0.1}, Policies.constant())));
            return learner;
        };
        assertSame(together(2, choices), alone(choices));
    }

    @Test
    @Tag("slow")
    void fourRanks_trainAsOneProcess() throws Exception {
        assertSame(together(4, UnaryOperator.identity()), alone(UnaryOperator.identity()));
    }
}
