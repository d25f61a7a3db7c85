package espalier.optim;

import java.util.List;

/**
 * Adagrad: steps by the gradient over the root of the sum of all its squares; good for rare features.
 *
 * @param eps added to the root
 * @param weightDecay how much parameters shrink, by {@code lr * weightDecay}
 * @paper Duchi, Hazan and Singer 2011, "Adaptive Subgradient Methods for Online Learning and Stochastic
 *     Optimization", JMLR 12
 */
public record Adagrad(double eps, double weightDecay) implements OptimizerFactory {

    /** eps 1e-10, no weight decay: PyTorch's defaults. */
    public static Adagrad standard() {
        return new Adagrad(1e-10, 0);
    }

    /** The same with another {@link #eps}. */
    public Adagrad eps(double eps) {
        return new Adagrad(eps, weightDecay);
    }

    /** The same with another {@link #weightDecay}. */
    public Adagrad weightDecay(double weightDecay) {
        return new Adagrad(eps, weightDecay);
    }

    @Override
    public String name() {
        return "adagrad";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(Adagrad options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("sum");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            var gradient = Decay.apply(slot, settings, true);
            var sum = slot.state("sum").addcmul_(gradient, gradient, 1);
            slot.parameter().addcdiv_(gradient, sum.sqrt().add_(options.eps), -settings.lr());
        }
    }
}
