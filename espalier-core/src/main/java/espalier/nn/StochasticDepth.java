package espalier.nn;

import espalier.tensor.Tensor;

/**
 * Dropout of whole items, for the branch beside a shortcut: in training each item is zeroed with probability p and the
 * others are divided by {@code 1 - p}; in evaluation {@code y = x}.
 *
 * @paper Huang, Sun, Liu, Sedra and Weinberger 2016, "Deep networks with stochastic depth"; here by item, not by batch
 * @shape {@code [N, ...]}, kept
 */
public final class StochasticDepth extends Dropping {
    private StochasticDepth(double p) {
        super(p);
    }

    /** With probability {@code p} in [0, 1). @throws IllegalArgumentException when it is not */
    public static StochasticDepth of(double p) {
        return new StochasticDepth(checked(p));
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(isTraining() ? drop(x, 1, p, rng) : x);
    }
}
