package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Smooth ReLU: {@code y = log(1 + exp(x))}, linear above 20 as in PyTorch. @shape any, kept */
public final class Softplus extends Module {
    private Softplus() {}

    /** The activation; it has no parameters. */
    public static Softplus of() {
        return new Softplus();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.softplus(x));
    }
}
