package espalier.bench;

import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Machine;
import espalier.tensor.Scope;
import espalier.tensor.SingleBlasThread;
import espalier.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the tensor layer costs: training steps of a network so small that most of the time is calls. Three linear maps, 128
 * wide, batch 64, cross entropy, stochastic gradient descent, one thread; the peer is {@code peers/torch_mlp_step.py}.
 */
public final class MlpStep {
    private static final int BATCH = 64;
    private static final int WIDTH = 128;
    private static final int WARM_UP = 2_000;

    private MlpStep() {}

    /**
     * Prints the median microseconds of a step, the processor's microseconds for each with everything that the process does
     * besides (compiling and collecting, too), and the growth of resident memory. Argument: steps, by default 10,000.
     */
    public static void main(String[] args) throws IOException {
        int steps = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        Machine.threads(1);
        long[] nanos = new long[steps];
        long before = 0;
        Duration cpu = Duration.ZERO;
        try (var data = Scope.open();
                var single = SingleBlasThread.open(); // OpenBLAS has threads of its own, which wait by spinning
                var model = Sequential.of(
                        Linear.of(WIDTH, WIDTH), ReLU.of(), Linear.of(WIDTH, WIDTH), ReLU.of(), Linear.of(WIDTH, 10))) {
            model.reset(Rng.of(42));
            Tensor x = Tensor.randn(Rng.of(1), BATCH, WIDTH);
            Tensor y = Tensor.randint(Rng.of(2), 0, 10, BATCH);
            var group =
                    ParameterGroup.of(List.copyOf(model.parameters().values())).lr(1e-2);
            try (var optimizer = Optimizers.sgd().create(List.of(group))) {
                for (int step = -WARM_UP; step < steps; step++) {
                    if (step == 0) {
                        before = resident();
                        cpu = processor();
                    }
                    long start = System.nanoTime();
                    try (var scope = Scope.open()) {
                        optimizer.zeroGrad();
                        Losses.crossEntropy().loss(model.forward(x), y).backward();
                        optimizer.step();
                    }
                    nanos[Math.max(step, 0)] = System.nanoTime() - start;
                }
            }
        }
        Duration used = processor().minus(cpu);
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "{\"median_us\": %.1f, \"lower_us\": %.1f, \"upper_us\": %.1f, \"cpu_us\": %.1f, \"grown_kb\": %d}%n",
                nanos[steps / 2] / 1e3,
                nanos[steps / 4] / 1e3,
                nanos[3 * steps / 4] / 1e3,
                used.toNanos() / 1e3 / steps,
                resident() - before);
    }

    private static Duration processor() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Kilobytes in memory, where the system tells. */
    private static long resident() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
