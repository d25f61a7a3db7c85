package espalier.vision.model;

import com.sun.management.OperatingSystemMXBean;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;

/**
 * Times of one batch through a model, by hand: {@code StepTimes efficientnet-lite0 32}. Processor time is what to
 * compare on a machine that does other work; {@code OMP_NUM_THREADS} sets the threads.
 */
final class StepTimes {
    private StepTimes() {}

    public static void main(String[] arguments) {
        String name = arguments.length > 0 ? arguments[0] : "efficientnet-lite0";
        int batch = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 32;
        try (var model = Models.named(name).create(1000);
                var transfer = Models.named(name).transfer(37, Rng.of(1));
                var scope = Scope.open()) {
            model.reset(Rng.of(0)).channelsLast();
            Tensor x = Tensor.randn(Rng.of(1), batch, 3, 224, 224).channelsLast();
            Tensor y = Tensor.zeros(batch).to(espalier.format.DType.INT64);
            report(name + " train, forward and backward", () -> step(model, x, y));
            model.eval();
            report(name + " eval", () -> forward(model, x));
            FoldBatchNorm.apply(model);
            report(name + " eval, norms folded", () -> forward(model, x));
            transfer.channelsLast();
            transfer.body().requiresGrad(false);
            report(name + " frozen body, norms train", () -> step(transfer, x, y));
            transfer.body().eval();
            report(name + " frozen body, norms rest", () -> step(transfer, x, y));
        }
    }

    private static void step(Module model, Tensor x, Tensor y) {
        model.parameters().values().forEach(Tensor::clearGrad);
        Functional.crossEntropy(model.forward(x), y, Optional.empty(), Functional.Reduction.MEAN, 0)
                .backward();
    }

    private static void forward(Module model, Tensor x) {
        try (var off = Grad.off()) {
            model.forward(x);
        }
    }

    private static void report(String what, Runnable action) {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double wall = Double.MAX_VALUE;
        double processor = Double.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            long start = System.nanoTime();
            long before = machine.getProcessCpuTime();
            try (var scope = Scope.open()) {
                action.run();
            }
            if (i > 0) {
                wall = Math.min(wall, (System.nanoTime() - start) / 1e6);
                processor = Math.min(processor, (machine.getProcessCpuTime() - before) / 1e6);
            }
        }
        System.out.printf(Locale.ROOT, "%-45s %7.0f ms wall %7.0f ms processor%n", what, wall, processor);
    }
}
