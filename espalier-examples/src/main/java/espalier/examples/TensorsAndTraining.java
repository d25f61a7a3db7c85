package espalier.examples;

import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.nn.Sequential;
import espalier.nn.Tanh;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.List;

/** A training loop of one's own: tensors, gradients, modules, an optimiser, and nothing else. */
public final class TensorsAndTraining {
    private TensorsAndTraining() {}

    /** Prints a gradient and the loss of a fitted sine. */
    public static void main(String[] args) {
        System.out.println("the gradient of w * w at 3 is " + gradient());
        System.out.println("the sine is fitted to a mean squared error of " + fitSine(500));
    }

    static double gradient() {
        // region gradient
        try (var scope = Scope.open()) {
            Tensor w = Tensor.scalar(3).requiresGrad(true);
            w.mul(w).backward();
            return w.grad().orElseThrow().item(); // 6
        }
        // endregion
    }

    static double fitSine(int steps) {
        // region loop
        try (var data = Scope.open();
                var model = Sequential.of(Linear.of(1, 32), Tanh.of(), Linear.of(32, 1))) {
            model.reset(Rng.of(42));
            Tensor x = Tensor.linspace(-3, 3, 256).reshape(256, 1); // [256, 1]
            Tensor y = x.sin(); // [256, 1]
            var group =
                    ParameterGroup.of(List.copyOf(model.parameters().values())).lr(1e-2);
            double last = Double.NaN;
            try (var optimizer = Optimizers.adam().create(List.of(group))) {
                for (int step = 0; step < steps; step++) {
                    try (var scope = Scope.open()) {
                        Tensor loss = Losses.mse().loss(model.forward(x), y);
                        loss.backward();
                        optimizer.step();
                        optimizer.zeroGrad();
                        last = loss.item();
                    }
                }
            }
            return last;
        }
        // endregion
    }
}
