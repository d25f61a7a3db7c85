package espalier.nn;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.Arrays;

/** What the layers share that drop: a probability, and a generator of their own, which {@link Module#seed} sets. */
abstract class Dropping extends Module {
    final double p;
    Rng rng = Rng.of(0);

    Dropping(double p) {
        this.p = p;
    }

    @Override
    protected final void reseed(Rng rng) {
        this.rng = rng;
    }

    static double checked(double p) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("the probability of a drop must be in [0, 1), received " + p + ".");
        }
        return p;
    }

    /** Zeroes each slice of the first {@code dims} dimensions with probability {@code p}; the others are scaled up. */
    static Tensor drop(Tensor x, int dims, double p, Rng rng) {
        if (p == 0) {
            return x;
        }
        long[] sizes = x.shape().sizes().clone();
        Arrays.fill(sizes, dims, sizes.length, 1);
        Tensor kept = Tensor.empty(DType.FLOAT32, x.device(), sizes)
                .bernoulli_(1 - p, rng)
                .div_(1 - p); // [N, 1, ...]
        return x.mul(kept.to(x.dtype()));
    }
}
