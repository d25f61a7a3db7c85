package espalier.optim;

import java.util.List;

/**
 * Stochastic gradient descent, with momentum that is not dampened: {@code v = momentum * v + g; p -= lr * v}.
 *
 * @param momentum the share of the old direction, 0 for none
 * @param weightDecay how much parameters shrink
 * @param nesterov whether the gradient is taken as if the momentum's step had been made
 * @param decoupled whether parameters shrink by {@code lr * weightDecay} (fastai); otherwise the decay joins the
 *     gradient (PyTorch)
 */
public record Sgd(double momentum, double weightDecay, boolean nesterov, boolean decoupled)
        implements OptimizerFactory {

    /** fastai's defaults: no momentum, no weight decay. */
    public static Sgd standard() {
        return new Sgd(0, 0, false, true);
    }

    /** The same with another {@link #momentum}. */
    public Sgd momentum(double momentum) {
        return new Sgd(momentum, weightDecay, nesterov, decoupled);
    }

    /** The same with another {@link #weightDecay}. */
    public Sgd weightDecay(double weightDecay) {
        return new Sgd(momentum, weightDecay, nesterov, decoupled);
    }

    /** The same with Nesterov's momentum. */
    public Sgd withNesterov() {
        return new Sgd(momentum, weightDecay, true, decoupled);
    }

    /** The same with the decay added to the gradient, as PyTorch's {@code SGD}. */
    public Sgd l2() {
        return new Sgd(momentum, weightDecay, nesterov, false);
    }

    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(Sgd sgd) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("momentum_buffer");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            var gradient = Decay.apply(slot, settings, sgd.decoupled);
            if (settings.momentum() != 0) {
                var buffer =
                        slot.state("momentum_buffer").mul_(settings.momentum()).add_(gradient);
                gradient = sgd.nesterov ? gradient.addScaled(buffer, settings.momentum()) : buffer;
            }
            slot.parameter().addScaled_(gradient, -settings.lr());
        }
    }
}
