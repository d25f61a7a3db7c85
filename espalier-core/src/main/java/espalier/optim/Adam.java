package espalier.optim;

import espalier.tensor.FusedAdam;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam: steps by the average gradient over the root of its average square. With fastai's defaults, and decoupled
 * weight decay, so that this is PyTorch's {@code AdamW(betas=(0.9, 0.99), eps=1e-5, weight_decay=0.01)}.
 *
 * @param momentum the share of the old average of gradients, PyTorch's first beta
 * @param beta2 the share of the old average of squares, fastai's {@code sqr_mom}
 * @param eps added to the root
 * @param weightDecay how much parameters shrink
 * @param decoupled whether parameters shrink by {@code lr * weightDecay}; otherwise the decay joins the gradient
 * @paper Kingma and Ba 2015, "Adam", <a href="https://arxiv.org/abs/1412.6980">arXiv:1412.6980</a>; Loshchilov and
 *     Hutter 2019, "Decoupled Weight Decay Regularization",
 *     <a href="https://arxiv.org/abs/1711.05101">arXiv:1711.05101</a>
 */
public record Adam(double momentum, double beta2, double eps, double weightDecay, boolean decoupled)
        implements OptimizerFactory {

    /** fastai's defaults: momentum 0.9, beta2 0.99, eps 1e-5, weight decay 0.01, decoupled. */
    public static Adam standard() {
        return new Adam(0.9, 0.99, 1e-5, 0.01, true);
    }

    /** The same with another {@link #momentum}. */
    public Adam momentum(double momentum) {
        return new Adam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with another {@link #beta2}. */
    public Adam beta2(double beta2) {
        return new Adam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with another {@link #eps}. */
    public Adam eps(double eps) {
        return new Adam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with another {@link #weightDecay}. */
    public Adam weightDecay(double weightDecay) {
        return new Adam(momentum, beta2, eps, weightDecay, decoupled);
    }

    /** The same with the decay added to the gradient, as PyTorch's {@code Adam}. */
    public Adam l2() {
        return new Adam(momentum, beta2, eps, weightDecay, false);
    }

    @Override
    public String name() {
        return "adam";
    }

    @Override
    public UpdateRule rule() {
        return new Rule(this);
    }

    /** One native call for all parameters that are alike; their lists are kept between steps. */
    private static final class Rule implements UpdateRule {
        private static final int MOST = 16;

        private final Adam adam;
        private final Map<List<Slot>, FusedAdam> fused = new LinkedHashMap<>();

        Rule(Adam adam) {
            this.adam = adam;
        }

        @Override
        public List<String> stateNames() {
            return List.of("exp_avg", "exp_avg_sq");
        }

        @Override
        public void update(Slot slot, Settings settings) {
            updateAll(List.of(slot), settings);
        }

        @Override
        public void updateAll(List<Slot> slots, Settings settings) {
            if (fused.size() >= MOST && !fused.containsKey(slots)) {
                close();
            }
            var numbers = new FusedAdam.Settings(
                    settings.lr(), settings.momentum(), adam.beta2, adam.eps, settings.weightDecay());
            var gradients = slots.stream().map(Slot::gradient).toList();
            fused.computeIfAbsent(slots, this::fuse).step(gradients, numbers, settings.step());
        }

        private FusedAdam fuse(List<Slot> slots) {
            var rows = slots.stream()
                    .map(slot -> new FusedAdam.Slot(slot.parameter(), slot.state("exp_avg"), slot.state("exp_avg_sq")))
                    .toList();
            return adam.decoupled ? FusedAdam.adamW(rows) : FusedAdam.adam(rows);
        }

        @Override
        public void close() {
            fused.values().forEach(FusedAdam::close);
            fused.clear();
        }
    }
}
