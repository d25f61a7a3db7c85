package espalier.examples.book;

import espalier.format.DType;
import espalier.nn.Linear;
import espalier.optim.GradScaler;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Chapter: where tensors are, and in which precision they are computed. */
final class Devices {
    private Devices() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        choose(print);
        move(print);
        meta(print);
        precision(print);
        scaling(print);
    }

    // region choose
    /** The fastest device of this machine. */
    static Device best() {
        for (Device device : List.of(Device.cuda(), Device.mps())) {
            if (device.isAvailable()) {
                return device;
            }
        }
        return Device.cpu();
    }
    // endregion

    private static void choose(PrintStream print) {
        print.println(Device.cpu().isAvailable() + " " + best().isAvailable());
    }

    private static void move(PrintStream print) {
        // region move
        try (var scope = Scope.open();
                var model = Linear.of(3, 2)) {
            Device device = best();
            model.to(device); // parameters and buffers move in place
            Tensor x = Tensor.rand(Rng.of(1), 4, 3).to(device); // a tensor gives a moved copy
            Tensor y = model.forward(x);
            print.println(y.device().equals(device) + " " + y.to(Device.cpu()).shape());
        }
        // endregion
    }

    private static void meta(PrintStream print) {
        // region meta
        try (var scope = Scope.open();
                var model = Linear.of(12288, 84)) {
            model.to(Device.meta());
            Tensor batch = Tensor.zeros(DType.FLOAT32, Device.meta(), 1_000_000, 12288); // 49 GB, if it were real
            print.println(model.forward(batch).sigmoid().shape());
        }
        // endregion
    }

    private static void precision(PrintStream print) {
        // region precision
        try (var scope = Scope.open();
                var model = Linear.of(3, 2)) {
            Tensor x = Tensor.rand(Rng.of(1), 4, 3);
            Tensor exact = model.forward(x);
            try (var bf16 = Grad.autocast(DType.BFLOAT16)) {
                Tensor rough = model.forward(x);
                print.println(exact.dtype() + " " + rough.dtype());
                print.println(rough.to(DType.FLOAT32).sub(exact).abs().max().item() < 0.02);
            }
        }
        // endregion
    }

    private static void scaling(PrintStream print) {
        // region scaling
        try (var scope = Scope.open();
                var model = Linear.of(3, 2).reset(Rng.of(2));
                var optimizer = Optimizers.sgd()
                        .create(List.of(
                                ParameterGroup.of(List.copyOf(model.parameters().values()))))) {
            var scaler = GradScaler.standard();
            Tensor scores;
            try (var half = Grad.autocast(DType.FLOAT16)) {
                scores = model.forward(Tensor.rand(Rng.of(1), 4, 3));
            }
            Tensor loss = scores.to(DType.FLOAT32).square().mean();
            scaler.scale(loss).backward(); // gradients are 65536 times as large
            boolean made = scaler.step(optimizer); // divided again; left out where one overflowed
            scaler.update(); // halved after a step that was left out
            print.println(made + " " + scaler.scale());
        }
        // endregion
    }
}
