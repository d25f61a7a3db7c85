package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Mish: {@code y = x * tanh(log(1 + exp(x)))}. @shape any, kept */
public final class Mish extends Module {
    private Mish() {}

    /** The activation; it has no parameters. */
    public static Mish of() {
        return new Mish();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.mish(x));
    }
}
