package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Hard sigmoid: {@code y = relu6(x + 3) / 6}. @shape any, kept */
public final class Hardsigmoid extends Module {
    private Hardsigmoid() {}

    /** The activation; it has no parameters. */
    public static Hardsigmoid of() {
        return new Hardsigmoid();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.hardsigmoid(x));
    }
}
