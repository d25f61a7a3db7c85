package espalier.nn;

import espalier.tensor.Tensor;

/**
 * Dropout of whole feature maps, whose neighbouring pixels say the same: in training each channel of each item is zeroed
 * with probability p and the others are divided by {@code 1 - p}; in evaluation {@code y = x}.
 *
 * @paper Tompson, Goroshin, Jain, LeCun and Bregler 2015, "Efficient object localization using convolutional networks"
 * @shape {@code [N, C, ...]}, kept
 */
public final class Dropout2d extends Dropping {
    private Dropout2d(double p) {
        super(p);
    }

    /** With probability {@code p} in [0, 1). @throws IllegalArgumentException when it is not */
    public static Dropout2d of(double p) {
        return new Dropout2d(checked(p));
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(isTraining() ? drop(x, 2, p, rng) : x);
    }
}
