package espalier.optim;

import java.util.List;

/**
 * RMSprop: steps by the gradient over the root of its average square, as PyTorch computes it.
 *
 * @param momentum the share of the old direction, 0 for none
 * @param alpha the share of the old average of squares
 * @param eps added to the root
 * @param weightDecay how much parameters shrink
 * @param centered whether the average gradient's square is taken off the average square
 * @param decoupled whether parameters shrink by {@code lr * weightDecay} (fastai); otherwise the decay joins the
 *     gradient (PyTorch)
 * @paper Hinton 2012, lecture 6e of "Neural Networks for Machine Learning"; Graves 2013,
 *     <a href="https://arxiv.org/abs/1308.0850">arXiv:1308.0850</a>, for the centred version
 */
public record RmsProp(
        double momentum, double alpha, double eps, double weightDecay, boolean centered, boolean decoupled)
        implements OptimizerFactory {

    /** No momentum, alpha 0.99, eps 1e-8, no weight decay: the defaults of PyTorch and fastai. */
    public static RmsProp standard() {
        return new RmsProp(0, 0.99, 1e-8, 0, false, true);
    }

    /** The same with another {@link #momentum}. */
    public RmsProp momentum(double momentum) {
        return new RmsProp(momentum, alpha, eps, weightDecay, centered, decoupled);
    }

    /** The same with another {@link #alpha}. */
    public RmsProp alpha(double alpha) {
        return new RmsProp(momentum, alpha, eps, weightDecay, centered, decoupled);
    }

    /** The same with another {@link #eps}. */
    public RmsProp eps(double eps) {
        return new RmsProp(momentum, alpha, eps, weightDecay, centered, decoupled);
    }

    /** The same with another {@link #weightDecay}. */
    public RmsProp weightDecay(double weightDecay) {
        return new RmsProp(momentum, alpha, eps, weightDecay, centered, decoupled);
    }

    /** The same, centred. */
    public RmsProp withCentering() {
        return new RmsProp(momentum, alpha, eps, weightDecay, true, decoupled);
    }

    /** The same with the decay added to the gradient, as in PyTorch. */
    public RmsProp l2() {
        return new RmsProp(momentum, alpha, eps, weightDecay, centered, false);
    }

    @Override
    public String name() {
        return "rmsprop";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    private record Rule(RmsProp options) implements UpdateRule {
        @Override
        public List<String> stateNames() {
            return options.centered
                    ? List.of("square_avg", "momentum_buffer", "grad_avg")
                    : List.of("square_avg", "momentum_buffer");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            double alpha = options.alpha;
            var gradient = Decay.apply(slot, settings, options.decoupled);
            var average = slot.state("square_avg").mul_(alpha).addcmul_(gradient, gradient, 1 - alpha);
            if (options.centered) {
                average = average.sub(
                        slot.state("grad_avg").lerp_(gradient, 1 - alpha).square());
            }
            var root = average.sqrt().add_(options.eps);
            if (settings.momentum() == 0) {
                slot.parameter().addcdiv_(gradient, root, -settings.lr());
            } else {
                var buffer = slot.state("momentum_buffer").mul_(settings.momentum());
                slot.parameter().addScaled_(buffer.addcdiv_(gradient, root, 1), -settings.lr());
            }
        }
    }
}
