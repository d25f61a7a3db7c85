package espalier.optim;

import java.util.ArrayList;
import java.util.List;

/**
 * NAdam: Adam with Nesterov's look ahead, whose momentum warms up to its full value.
 *
 * @param momentum the share of the old average of gradients, when warmed up
 * @param beta2 the share of the old average of squares
 * @param eps added to the root
 * @param momentumDecay how fast the momentum warms up
 * @param weightDecay how much parameters shrink, by {@code lr * weightDecay}
 * @paper Dozat 2016, "Incorporating Nesterov Momentum into Adam", ICLR workshop; as PyTorch computes it
 */
public record NAdam(double momentum, double beta2, double eps, double momentumDecay, double weightDecay)
        implements OptimizerFactory {

    /** momentum 0.9, beta2 0.999, eps 1e-8, momentum decay 4e-3, no weight decay: PyTorch's defaults. */
    public static NAdam standard() {
        return new NAdam(0.9, 0.999, 1e-8, 4e-3, 0);
    }

    /** The same with another {@link #momentum}. */
    public NAdam momentum(double momentum) {
        return new NAdam(momentum, beta2, eps, momentumDecay, weightDecay);
    }

    /** The same with another {@link #beta2}. */
    public NAdam beta2(double beta2) {
        return new NAdam(momentum, beta2, eps, momentumDecay, weightDecay);
    }

    /** The same with another {@link #eps}. */
    public NAdam eps(double eps) {
        return new NAdam(momentum, beta2, eps, momentumDecay, weightDecay);
    }

    /** The same with another {@link #momentumDecay}. */
    public NAdam momentumDecay(double momentumDecay) {
        return new NAdam(momentum, beta2, eps, momentumDecay, weightDecay);
    }

    /** The same with another {@link #weightDecay}. */
    public NAdam weightDecay(double weightDecay) {
        return new NAdam(momentum, beta2, eps, momentumDecay, weightDecay);
    }

    @Override
    public String name() {
        return "nadam";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private static final class Rule implements UpdateRule {
        private final NAdam options;

        /** The products of the warm-up factors of the steps 1 to i + 1. */
        private final List<Double> products = new ArrayList<>();

        Rule(NAdam options) {
            this.options = options;
        }

        @Override
        public List<String> stateNames() {
            return List.of("exp_avg", "exp_avg_sq");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            double beta = settings.momentum();
            long step = settings.step();
            double now = beta * warmth(step);
            double next = beta * warmth(step + 1);
            double past = Math.pow(beta, step) * product(step);
            var moments = Moments.of(slot, settings, options.beta2, true);
            var root = moments.root(options.eps);
            slot.parameter().addcdiv_(slot.gradient(), root, -settings.lr() * (1 - now) / (1 - past));
            slot.parameter().addcdiv_(moments.average(), root, -settings.lr() * next / (1 - past * next));
        }

        private double warmth(long step) {
            return 1 - 0.5 * Math.pow(0.96, step * options.momentumDecay);
        }

        private double product(long step) {
            for (long i = products.size(); i < step; i++) {
                products.add((i == 0 ? 1 : products.get((int) i - 1)) * warmth(i + 1));
            }
            return products.get((int) step - 1);
        }
    }
}
