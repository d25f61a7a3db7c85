package espalier.nn;

import espalier.tensor.Tensor;

/** Rectified linear unit: {@code y = max(x, 0)}. @shape any, kept */
public final class ReLU extends Module {
    private final boolean inPlace;

    private ReLU(boolean inPlace) {
        this.inPlace = inPlace;
    }

    /** The activation; it has no parameters. */
    public static ReLU of() {
        return new ReLU(false);
    }

    /**
     * The same, overwriting its input, which saves memory and time. Right behind layers whose gradient does not need
     * their output: linear, convolution, batch norm, addition. Behind others {@code backward} fails with an error.
     */
    public ReLU inPlace() {
        return new ReLU(true);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(inPlace ? x.relu_() : x.relu());
    }
}
