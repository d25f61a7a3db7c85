package espalier.optim;

import java.util.List;

/**
 * Rectified Adam: Adam that goes by the gradient's average alone until enough steps have been made to judge its
 * variance (more than 5 effective ones), and whose steps are scaled by how well it is known.
 *
 * @param momentum the share of the old average of gradients
 * @param beta2 the share of the old average of squares
 * @param eps added to the root, after the correction for the start as in fastai; PyTorch adds it before
 * @param weightDecay how much parameters shrink
 * @param decoupled whether parameters shrink by {@code lr * weightDecay}; otherwise the decay joins the gradient
 * @paper Liu et al. 2020, "On the Variance of the Adaptive Learning Rate and Beyond",
 *     <a href="https://arxiv.org/abs/1908.03265">arXiv:1908.03265</a>
 */
public record RAdam(double momentum, double beta2, double eps, double weightDecay, boolean decoupled)
        implements OptimizerFactory {
    private static final double ENOUGH = 5;

    /** fastai's defaults: momentum 0.9, beta2 0.99, eps 1e-5, no weight decay, decoupled. */
    public static RAdam standard() {
        return new RAdam(0.9, 0.99, 1e-5, 0, true);
    }

    /** The same with another {@link #momentum}. */
    public RAdam momentum(double momentum) {
        return new RAdam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with another {@link #beta2}. */
    public RAdam beta2(double beta2) {
        return new RAdam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with another {@link #eps}. */
    public RAdam eps(double eps) {
        return new RAdam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with another {@link #weightDecay}. */
    public RAdam weightDecay(double weightDecay) {
        return new RAdam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with the decay added to the gradient. */
    public RAdam l2() {
        return new RAdam(momentum, beta2, eps, weightDecay, false);
    }

    @Override
    public String name() {
        return "radam";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(RAdam options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("exp_avg", "exp_avg_sq");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            var moments = Moments.of(slot, settings, options.beta2, options.decoupled);
            double longest = 2 / (1 - options.beta2) - 1;
            double decayed = Math.pow(options.beta2, settings.step());
            double length = longest - 2 * settings.step() * decayed / (1 - decayed);
            if (length > ENOUGH) {
                double known =
                        Math.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
                slot.parameter()
                        .addcdiv_(
                                moments.average(),
                                moments.root(options.eps),
                                -settings.lr() * known / moments.debias1());
            } else {
                slot.parameter().addScaled_(moments.average(), -settings.lr() / moments.debias1());
            }
        }
    }
}
