package espalier.train.callback;

import espalier.data.Batch;
import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import espalier.train.Callback;
import espalier.train.Fit;
import java.util.Arrays;

/** What the mixtures of items have in common: partners and shares drawn from seed and position, and mixed targets. */
abstract sealed class Mixing implements Callback permits CutMix, MixUp {
    private static final int STREAM = 0x6d6978; // "mix": not the stream of random layers

    private final double alpha;

    Mixing(double alpha) {
        if (!(alpha > 0)) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + ": alpha must be positive, received " + alpha + ".");
        }
        this.alpha = alpha;
    }

    @Override
    public final Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public final boolean changesInputs() {
        return true;
    }

    /** The generator of the present batch. */
    static Rng rng(Fit fit) {
        var at = fit.position();
        return Rng.of(fit.learner().seed()).derive(STREAM, at.cycle(), at.epoch(), at.batch());
    }

    /** Each item's partner, a permutation {@code [N]}. */
    static Tensor partners(Rng rng, Batch batch) {
        int items = batch.size();
        int[] order = rng.permutation(items);
        long[] partners = new long[items];
        for (int i = 0; i < items; i++) {
            partners[i] = order[i];
        }
        return Tensor.of(partners, items).to(batch.x().device());
    }

    /** Targets as probabilities {@code [N, K]}, or as they are where they are numbers already. */
    static Tensor soft(Fit fit, Batch batch) {
        if (batch.y().dtype().isFloatingPoint() || batch.y().dim() != 1) {
            return batch.y().to(DType.FLOAT32);
        }
        int classes = fit.learner().loaders().classes().size();
        return Functional.oneHot(batch.y(), classes).to(DType.FLOAT32); // [N, K]
    }

    /** {@code own * share + partner * (1 - share)}, with one share {@code [N]} for each item. */
    static Tensor mixed(Tensor own, Tensor partner, Tensor share) {
        long[] sizes = new long[own.dim()];
        Arrays.fill(sizes, 1);
        sizes[0] = share.size(0);
        Tensor weight = share.reshape(sizes); // [N, 1, ...]
        return partner.add(own.sub(partner).mul(weight));
    }

    /** A share drawn from Beta(alpha, alpha). */
    final double share(Rng rng) {
        return beta(rng, alpha);
    }

    /** A draw of the beta distribution with both parameters {@code alpha}. */
    static double beta(Rng rng, double alpha) {
        double first = gamma(rng, alpha);
        double second = gamma(rng, alpha);
        return first + second == 0 ? 0.5 : first / (first + second);
    }

    /**
     * A draw of the gamma distribution.
     *
     * @paper Marsaglia and Tsang 2000, "A Simple Method for Generating Gamma Variables", ACM TOMS 26(3)
     */
    private static double gamma(Rng rng, double shape) {
        if (shape < 1) {
            return gamma(rng, shape + 1) * Math.pow(rng.uniform(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = rng.normal();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
