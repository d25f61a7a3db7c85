package espalier.nn;

import espalier.tensor.DType;
import espalier.tensor.Rng;
import espalier.tensor.Tensor;
import java.util.Arrays;

/**
 * Dropout of whole items, for the branch beside a shortcut: in training each item is zeroed with probability p and the
 * others are divided by {@code 1 - p}; in evaluation {@code y = x}.
 *
 * @paper Huang, Sun, Liu, Sedra and Weinberger 2016, "Deep networks with stochastic depth"; here by item, not by batch
 * @shape {@code [N, ...]}, kept
 */
public final class StochasticDepth extends Module {
    private final double p;
    private Rng rng = Rng.of(0);

    private StochasticDepth(double p) {
        this.p = p;
    }

    /** With probability {@code p} in [0, 1). @throws IllegalArgumentException when it is not */
    public static StochasticDepth of(double p) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("the probability of a drop must be in [0, 1), received " + p + ".");
        }
        return new StochasticDepth(p);
    }

    @Override
    public Tensor forward(Tensor x) {
        if (!isTraining() || p == 0) {
            return seen(x);
        }
        long[] sizes = new long[x.dim()];
        Arrays.fill(sizes, 1);
        sizes[0] = x.size(0);
        Tensor kept = Tensor.empty(DType.FLOAT32, sizes).bernoulli_(1 - p, rng).div_(1 - p); // [N, 1, ...]
        return seen(x.mul(kept.to(x.dtype())));
    }

    @Override
    protected void reseed(Rng rng) {
        this.rng = rng;
    }
}
