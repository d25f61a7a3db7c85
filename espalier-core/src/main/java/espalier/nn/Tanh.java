package espalier.nn;

import espalier.tensor.Tensor;

/** Hyperbolic tangent: {@code y = tanh(x)}. @shape any, kept */
public final class Tanh extends Module {
    private Tanh() {}

    /** The activation; it has no parameters. */
    public static Tanh of() {
        return new Tanh();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(x.tanh());
    }
}
