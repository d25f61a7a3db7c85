package espalier.optim;

import java.util.List;

/**
 * LAMB: Adam's step, scaled for each parameter tensor by the ratio of its own root mean square to that of the
 * step, at most 10. For large batches.
 *
 * @param momentum the share of the old average of gradients
 * @param beta2 the share of the old average of squares
 * @param eps added to the root
 * @param weightDecay how much parameters shrink, by {@code lr * weightDecay}
 * @paper You et al. 2020, "Large Batch Optimization for Deep Learning",
 *     <a href="https://arxiv.org/abs/1904.00962">arXiv:1904.00962</a>; as fastai, weight decay is not part of the
 *     scaled step
 */
public record Lamb(double momentum, double beta2, double eps, double weightDecay) implements OptimizerFactory {
    private static final double LARGEST_RATIO = 10;

    /** fastai's defaults: momentum 0.9, beta2 0.99, eps 1e-5, no weight decay. */
    public static Lamb standard() {
        return new Lamb(0.9, 0.99, 1e-5, 0);
    }

    /** The same with another {@link #momentum}. */
    public Lamb momentum(double momentum) {
        return new Lamb(momentum, beta2, eps, weightDecay);
    }

    /** The same with another {@link #beta2}. */
    public Lamb beta2(double beta2) {
        return new Lamb(momentum, beta2, eps, weightDecay);
    }

    /** The same with another {@link #eps}. */
    public Lamb eps(double eps) {
        return new Lamb(momentum, beta2, eps, weightDecay);
    }

    /** The same with another {@link #weightDecay}. */
    public Lamb weightDecay(double weightDecay) {
        return new Lamb(momentum, beta2, eps, weightDecay);
    }

    @Override
    public String name() {
        return "lamb";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(Lamb options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("exp_avg", "exp_avg_sq");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            var moments = Moments.of(slot, settings, options.beta2, true);
            var step = moments.average().div(moments.debias1()).div_(moments.root(options.eps));
            double own = slot.parameter().square().mean().sqrt().item();
            double steps = step.square().mean().sqrt().item();
            double ratio = own == 0 || steps == 0 ? 1 : Math.min(own / steps, LARGEST_RATIO);
            slot.parameter().addScaled_(step, -settings.lr() * ratio);
        }
    }
}
