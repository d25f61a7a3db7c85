package espalier.optim;

import espalier.format.DType;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * L-BFGS for parameters and a loss that is computed whole, with a closure as PyTorch's {@code LBFGS}: a few steps where
 * gradient descent needs hundreds, for small models on data that fit into one batch. Mini-batches want one of
 * {@link Optimizers}.
 *
 * <pre>{@code
 * var optimizer = Lbfgs.of(List.copyOf(model.parameters().values()));
 * double loss = optimizer.step(() -> Losses.crossEntropy().loss(model.forward(x), y));
 * }</pre>
 *
 * <p>The search is {@link Minimizer}'s. As there, every call of {@link #step} starts without memory of the one before, and a
 * step is halved until the loss falls, where PyTorch's default takes it whole.
 */
public final class Lbfgs {
    private final List<Tensor> parameters;
    private final Minimizer minimizer;

    private Lbfgs(List<Tensor> parameters, Minimizer minimizer) {
        this.parameters = parameters;
        this.minimizer = minimizer;
    }

    /** With PyTorch's numbers: at most 20 iterations in a step, ended where no gradient is above 1e-7. */
    public static Lbfgs of(List<Tensor> parameters) {
        return new Lbfgs(List.copyOf(parameters), new Minimizer(100, 20, 1e-7));
    }

    /** Returns the same with at most so many iterations in a step. */
    public Lbfgs iterations(int most) {
        return new Lbfgs(parameters, minimizer.iterations(most));
    }

    /**
     * Moves the parameters towards the minimum of a loss, which is computed several times.
     *
     * @param closure computes the loss, a differentiable scalar, from the parameters as they are; nothing random may be in
     *     it, and it need neither clear gradients nor call {@code backward}
     * @return the loss at the end
     */
    public double step(Supplier<Tensor> closure) {
        double[] start = read(false);
        var minimum = minimizer.minimize((x, gradient) -> at(closure, x, gradient), start);
        write(minimum.x());
        return minimum.value();
    }

    private double at(Supplier<Tensor> closure, double[] x, double[] gradient) {
        write(x);
        try (var scope = Scope.open()) {
            parameters.forEach(Tensor::clearGrad);
            Tensor loss = closure.get();
            loss.backward();
            double[] found = read(true);
            System.arraycopy(found, 0, gradient, 0, found.length);
            parameters.forEach(Tensor::clearGrad);
            return loss.item();
        }
    }

    /** All parameters, or all gradients, one after the other; 0 where there is no gradient. */
    private double[] read(boolean gradients) {
        double[] all = new double
                [parameters.stream()
                        .mapToInt(parameter -> Math.toIntExact(parameter.numel()))
                        .sum()];
        int at = 0;
        try (var off = Grad.off();
                var scope = Scope.open()) {
            for (Tensor parameter : parameters) {
                Tensor from =
                        gradients ? parameter.grad().orElseGet(() -> Tensor.zerosLike(parameter)) : parameter.detach();
                double[] values = from.to(DType.FLOAT64).toDoubleArray();
                System.arraycopy(values, 0, all, at, values.length);
                at += values.length;
            }
        }
        return all;
    }

    private void write(double[] all) {
        int at = 0;
        try (var off = Grad.off();
                var scope = Scope.open()) {
            for (Tensor parameter : parameters) {
                double[] values = new double[Math.toIntExact(parameter.numel())];
                System.arraycopy(all, at, values, 0, values.length);
                parameter.copy_(Tensor.of(values, parameter.shape().sizes()).to(parameter.dtype()));
                at += values.length;
            }
        }
    }
}
