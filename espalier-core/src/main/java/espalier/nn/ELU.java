package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Exponential linear unit: {@code y = x} where positive, else {@code alpha * (exp(x) - 1)}. @shape any, kept */
public final class ELU extends Module {
    private final double alpha;

    private ELU(double alpha) {
        this.alpha = alpha;
    }

    /** With alpha 1. */
    public static ELU of() {
        return new ELU(1);
    }

    /** The same with another alpha. */
    public ELU alpha(double alpha) {
        return new ELU(alpha);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.elu(x, alpha));
    }
}
