package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Gaussian error linear unit: {@code y = x Φ(x)}, with Φ the normal distribution's. @shape any, kept */
public final class GELU extends Module {
    private final boolean tanh;

    private GELU(boolean tanh) {
        this.tanh = tanh;
    }

    /** The exact form. */
    public static GELU of() {
        return new GELU(false);
    }

    /** The form that approximates Φ by a hyperbolic tangent, as some published weights expect. */
    public GELU tanh() {
        return new GELU(true);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(tanh ? Functional.geluTanh(x) : Functional.gelu(x));
    }
}
