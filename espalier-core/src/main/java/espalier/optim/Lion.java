package espalier.optim;

import java.util.List;

/**
 * Lion: steps of one size in the direction of the sign of a mean of gradient and momentum. Takes a tenth of Adam's
 * learning rate, and ten times its weight decay.
 *
 * @param momentum the share of the old average of gradients in a step, beta1
 * @param beta2 the share of the old average in the new one
 * @param weightDecay how much parameters shrink, by {@code lr * weightDecay}
 * @paper Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms",
 *     <a href="https://arxiv.org/abs/2302.06675">arXiv:2302.06675</a>, algorithm 2
 */
public record Lion(double momentum, double beta2, double weightDecay) implements OptimizerFactory {

    /** The paper's: momentum 0.9, beta2 0.99; no weight decay. */
    public static Lion standard() {
        return new Lion(0.9, 0.99, 0);
    }

    /** The same with another {@link #momentum}. */
    public Lion momentum(double momentum) {
        return new Lion(momentum, beta2, weightDecay);
    }

    /** The same with another {@link #beta2}. */
    public Lion beta2(double beta2) {
        return new Lion(momentum, beta2, weightDecay);
    }

    /** The same with another {@link #weightDecay}. */
    public Lion weightDecay(double weightDecay) {
        return new Lion(momentum, beta2, weightDecay);
    }

    @Override
    public String name() {
        return "lion";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(Lion options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("exp_avg");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            var gradient = Decay.apply(slot, settings, true);
            var average = slot.state("exp_avg");
            var direction = average.mul(settings.momentum())
                    .addScaled_(gradient, 1 - settings.momentum())
                    .sign_();
            slot.parameter().addScaled_(direction, -settings.lr());
            average.lerp_(gradient, 1 - options.beta2);
        }
    }
}
