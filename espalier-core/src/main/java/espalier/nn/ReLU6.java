package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Rectified linear unit with a ceiling: {@code y = min(max(x, 0), 6)}. @shape any, kept */
public final class ReLU6 extends Module {
    private final boolean inPlace;

    private ReLU6(boolean inPlace) {
        this.inPlace = inPlace;
    }

    /** The activation; it has no parameters. */
    public static ReLU6 of() {
        return new ReLU6(false);
    }

    /**
     * The same, overwriting its input, which saves memory and time. Right behind layers whose gradient does not need
     * their output: linear, convolution, batch norm, addition. Behind others {@code backward} fails with an error.
     */
    public ReLU6 inPlace() {
        return new ReLU6(true);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(inPlace ? Functional.relu6_(x) : Functional.relu6(x));
    }
}
