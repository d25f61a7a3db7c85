package espalier.nn;

import espalier.tensor.Tensor;

/** Logistic sigmoid: {@code y = 1 / (1 + exp(-x))}. @shape any, kept */
public final class Sigmoid extends Module {
    private Sigmoid() {}

    /** The activation; it has no parameters. */
    public static Sigmoid of() {
        return new Sigmoid();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(x.sigmoid());
    }
}
