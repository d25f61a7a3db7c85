package espalier.optim;

import java.util.List;

/**
 * Adamax: Adam with the largest gradient of the past, decaying, in the place of the root of the average square.
 *
 * @param momentum the share of the old average of gradients
 * @param beta2 how fast the largest gradient is forgotten
 * @param eps added to each absolute gradient
 * @param weightDecay how much parameters shrink, by {@code lr * weightDecay}
 * @paper Kingma and Ba 2015, "Adam", <a href="https://arxiv.org/abs/1412.6980">arXiv:1412.6980</a>, section 7.1
 */
public record Adamax(double momentum, double beta2, double eps, double weightDecay) implements OptimizerFactory {

    /** momentum 0.9, beta2 0.999, eps 1e-8, no weight decay: PyTorch's defaults. */
    public static Adamax standard() {
        return new Adamax(0.9, 0.999, 1e-8, 0);
    }

    /** The same with another {@link #momentum}. */
    public Adamax momentum(double momentum) {
        return new Adamax(momentum, beta2, eps, weightDecay);
    }

    /** The same with another {@link #beta2}. */
    public Adamax beta2(double beta2) {
        return new Adamax(momentum, beta2, eps, weightDecay);
    }

    /** The same with another {@link #eps}. */
    public Adamax eps(double eps) {
        return new Adamax(momentum, beta2, eps, weightDecay);
    }

    /** The same with another {@link #weightDecay}. */
    public Adamax weightDecay(double weightDecay) {
        return new Adamax(momentum, beta2, eps, weightDecay);
    }

    @Override
    public String name() {
        return "adamax";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(Adamax options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return List.of("exp_avg", "exp_inf");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            var gradient = Decay.apply(slot, settings, true);
            var average = slot.state("exp_avg").lerp_(gradient, 1 - settings.momentum());
            var largest = slot.state("exp_inf");
            largest.copy_(largest.mul(options.beta2).maximum(gradient.abs().add_(options.eps)));
            double debias = 1 - Math.pow(settings.momentum(), settings.step());
            slot.parameter().addcdiv_(average, largest, -settings.lr() / debias);
        }
    }
}
