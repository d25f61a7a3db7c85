package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Hard swish: {@code y = x * relu6(x + 3) / 6}. @shape any, kept */
public final class Hardswish extends Module {
    private Hardswish() {}

    /** The activation; it has no parameters. */
    public static Hardswish of() {
        return new Hardswish();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.hardswish(x));
    }
}
