package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/**
 * Dropout: in training each value is zeroed with probability p and the others are divided by {@code 1 - p}; in
 * evaluation {@code y = x}. Draws from a generator of its own, which {@link Module#seed} sets.
 *
 * @shape any, kept
 */
public final class Dropout extends Dropping {
    private Dropout(double p) {
        super(p);
    }

    /** With probability {@code p} in [0, 1). @throws IllegalArgumentException when it is not */
    public static Dropout of(double p) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("the probability of dropout must be in [0, 1), received " + p + ".");
        }
        return new Dropout(p);
    }

    double p() {
        return p;
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(isTraining() ? Functional.dropout(x, p, rng) : x);
    }
}
