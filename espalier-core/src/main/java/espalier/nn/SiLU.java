package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Sigmoid-weighted linear unit, or swish: {@code y = x / (1 + exp(-x))}. @shape any, kept */
public final class SiLU extends Module {
    private SiLU() {}

    /** The activation; it has no parameters. */
    public static SiLU of() {
        return new SiLU();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.silu(x));
    }
}
