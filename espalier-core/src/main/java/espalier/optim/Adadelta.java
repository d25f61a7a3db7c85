package espalier.optim;

import java.util.List;

/**
 * Adadelta: steps by the gradient times the ratio of the root mean squares of past steps and past gradients, so that
 * steps have the parameters' own unit; the learning rate only scales them, and 1 is PyTorch's.
 *
 * @param rho the share of the old averages of squares
 * @param eps added under both roots
 * @param weightDecay how much parameters shrink, by {@code lr * weightDecay}
 * @paper Zeiler 2012, "ADADELTA: An Adaptive Learning Rate Method",
 *     <a href="https://arxiv.org/abs/1212.5701">arXiv:1212.5701</a>
 */
public record Adadelta(double rho, double eps, double weightDecay) implements OptimizerFactory {

    /** rho 0.9, eps 1e-6, no weight decay: PyTorch's defaults. */
    public static Adadelta standard() {
        return new Adadelta(0.9, 1e-6, 0);
    }

    /** The same with another {@link #rho}. */
    public Adadelta rho(double rho) {
        return new Adadelta(rho, eps, weightDecay);
    }

    /** The same with another {@link #eps}. */
    public Adadelta eps(double eps) {
        return new Adadelta(rho, eps, weightDecay);
    }

    /** The same with another {@link #weightDecay}. */
    public Adadelta weightDecay(double weightDecay) {
        return new Adadelta(rho, eps, weightDecay);
    }

    @Override
    public String name() {
        return "adadelta";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(Adadelta options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("square_avg", "acc_delta");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            double rho = options.rho;
            var gradient = Decay.apply(slot, settings, true);
            var square = slot.state("square_avg").mul_(rho).addcmul_(gradient, gradient, 1 - rho);
            var steps = slot.state("acc_delta");
            var step = steps.add(options.eps)
                    .sqrt_()
                    .div_(square.add(options.eps).sqrt_())
                    .mul_(gradient);
            steps.mul_(rho).addcmul_(step, step, 1 - rho);
            slot.parameter().addScaled_(step, -settings.lr());
        }
    }
}
