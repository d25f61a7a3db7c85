package espalier.optim;

import java.util.List;

/**
 * LARS: gradient descent with momentum whose rate is scaled for each parameter tensor by the ratio of its norm to its
 * gradient's, so that no layer moves by more than a share of its size. With {@link #clip} the scaled rate is at most the
 * group's own: that is LARC. For large batches.
 *
 * @param momentum the share of the old direction, which is not dampened
 * @param trust the share of a parameter's norm that a step of rate 1 may move it by
 * @param eps added to the denominator of the ratio
 * @param weightDecay how much parameters shrink, by {@code lr * weightDecay}
 * @param clip whether the scaled rate is at most the group's
 * @paper You, Gitman and Ginsburg 2017, "Large Batch Training of Convolutional Networks",
 *     <a href="https://arxiv.org/abs/1708.03888">arXiv:1708.03888</a>; as fastai's {@code Larc}
 */
public record Lars(double momentum, double trust, double eps, double weightDecay, boolean clip)
        implements OptimizerFactory {

    /** fastai's defaults: momentum 0.9, trust 0.02, eps 1e-8, no weight decay; rates are not clipped. */
    public static Lars standard() {
        return new Lars(0.9, 0.02, 1e-8, 0, false);
    }

    /** The same with another {@link #momentum}. */
    public Lars momentum(double momentum) {
        return new Lars(momentum, trust, eps, weightDecay, clip);
    }

    /** The same with another {@link #trust}. */
    public Lars trust(double trust) {
        return new Lars(momentum, trust, eps, weightDecay, clip);
    }

    /** The same with another {@link #eps}. */
    public Lars eps(double eps) {
        return new Lars(momentum, trust, eps, weightDecay, clip);
    }

    /** The same with another {@link #weightDecay}. */
    public Lars weightDecay(double weightDecay) {
        return new Lars(momentum, trust, eps, weightDecay, clip);
    }

    /** The same with scaled rates of at most the group's: LARC. */
    public Lars withClipping() {
        return new Lars(momentum, trust, eps, weightDecay, true);
    }

    @Override
    public String name() {
        return clip ? "larc" : "lars";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(Lars options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("momentum_buffer");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            var gradient = Decay.apply(slot, settings, true);
            var direction =
                    slot.state("momentum_buffer").mul_(settings.momentum()).add_(gradient);
            double own = slot.parameter().norm().item();
            double slope = gradient.norm().item();
            double scaled = settings.lr() * options.trust * own / (slope + settings.weightDecay() * own + options.eps);
            slot.parameter().addScaled_(direction, -(options.clip ? Math.min(settings.lr(), scaled) : scaled));
        }
    }
}
