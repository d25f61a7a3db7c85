package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.Loaders;
import espalier.loss.Losses;
import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.BatchNorm1d;
import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Flatten;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What only shows after many steps, or when the process is killed. */
@ExtendWith(NoLeaks.class)
class EnduranceTest {
    @TempDir
    Path folder;

    /** A run that saves a checkpoint each epoch, for a test to kill. */
    public static final class Child {
        private Child() {}

        public static void main(String[] args) {
            try (var learner = learner(Path.of(args[0]))) {
                learner.callback(Checkpoints.in(Path.of(args[1]))).fit(2000, Rates.of(0.01));
            }
        }
    }

    private static Learner<double[]> learner(Path data) {
        Loaders<double[]> loaders =
                Numbers.block().itemTransform(Numbers.noise(0.1)).batchSize(8).loaders(data);
        var model = Sequential.of(Linear.of(2, 64), BatchNorm1d.of(64), ReLU.of(), Dropout.of(0.1), Linear.of(64, 2))
                .reset(Rng.of(1));
        return Learner.of(loaders, model, Losses.crossEntropy());
    }

    @Test
    void T05_checkpointThatCannotBeWritten_isReportedAndTheOldOneStays() throws IOException {
        Path data = folder.resolve("data");
        Numbers.write(data, List.of("a", "b"), 20, 1);
        Path run = folder.resolve("run");
        Path aside = folder.resolve("aside");
        var checkpoints = Checkpoints.in(run);
        try (var learner = learner(data).callback(checkpoints)) {
            learner.callback(new Callback() {
                @Override
                public void beforeEpoch(Fit fit) {
                    try {
                        if (fit.position().epoch() == 2) { // from now on there is no place to write to
                            Files.move(run, aside);
                            Files.writeString(run, "a file where the folder was");
                        }
                    } catch (IOException failure) {
                        throw new IllegalStateException(failure);
                    }
                }
            });
            var history = learner.fit(4, Rates.of(0.01));
            assertThat(history.epochs()).hasSize(4);
            assertThat(checkpoints.failure()).isPresent();
        }
        try (var listing = Files.list(aside)) {
            assertThat(listing.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".tmp")))
                    .isEmpty();
        }
        try (var learner = learner(data)) {
            assertThat(Checkpoints.in(aside).resume(learner).epochs()).hasSize(4);
        }
    }

    @Test
    @Tag("slow")
    void T02_killedAtAnyMoment_leavesACheckpointThatLoads() throws Exception {
        Path data = folder.resolve("data");
        Numbers.write(data, List.of("a", "b"), 8, 1);
        for (int kill = 0; kill < 8; kill++) {
            Path run = folder.resolve("run" + kill);
            var child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            data.toString(),
                            run.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("child.log").toFile())
                    .start();
            waitForCheckpoint(run, child);
            Thread.sleep(37L * kill); // another moment of another save each time
            child.destroyForcibly();
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            try (var learner = learner(data)) {
                learner.callback(new Callback() {
                    @Override
                    public void afterEpoch(Fit fit) {
                        fit.stop("seen enough");
                    }
                });
                assertThat(Checkpoints.in(run).resume(learner).epochs()).isNotEmpty();
            }
        }
    }

    private static void waitForCheckpoint(Path run, Process child) throws Exception {
        for (int i = 0; i < 600 && child.isAlive(); i++) {
            if (Checkpoints.in(run).exist()) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no checkpoint was written within a minute");
    }

    @Test
    @Tag("slow")
    void T09_twoThousandSteps_leaveMemoryFlat() throws IOException {
        try (var model = net();
                var outer = Scope.open()) {
            var x = Tensor.randn(Rng.of(1), 8, 3, 32, 32);
            var y = Tensor.of(new long[] {0, 1, 0, 1, 0, 1, 0, 1}, 8);
            var optimizer = Optimizers.adam()
                    .create(List.of(
                            ParameterGroup.of(List.copyOf(model.parameters().values()))));
            long live = Scope.live();
            long start = 0;
            for (int step = 0; step < 2000; step++) {
                try (var scope = Scope.open()) {
                    Losses.crossEntropy().loss(model.forward(x), y).backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                }
                if (step == 299) {
                    start = residentKilobytes();
                }
            }
            long growth = residentKilobytes() - start;
            assertThat(Scope.live()).isEqualTo(live);
            assertThat(growth).as("KB in 1,700 steps").isLessThan(17 * 1024);
            optimizer.close();
        }
    }

    private static Module net() {
        return Sequential.of(
                        Conv2d.of(3, 16, 3).padding(1),
                        BatchNorm2d.of(16),
                        ReLU.of(),
                        Conv2d.of(16, 32, 3).stride(2),
                        BatchNorm2d.of(32),
                        ReLU.of(),
                        AdaptiveAvgPool2d.of(1),
                        Flatten.of(),
                        Linear.of(32, 2))
                .reset(Rng.of(1));
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
