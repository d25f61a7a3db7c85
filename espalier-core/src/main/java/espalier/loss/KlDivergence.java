package espalier.loss;

import espalier.tensor.Functional;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/**
 * Kullback-Leibler divergence of the model's probabilities from those of the target: {@code sum t (log t - log p)} for
 * each item, such as between a network and the larger one whose answers it learns (distillation).
 *
 * <p>The target is probabilities {@code [N, K]}; classes of probability 0 add nothing. The batch's loss is the mean over
 * items, PyTorch's {@code reduction='batchmean'}. PyTorch's {@code KLDivLoss} takes log-probabilities; here they are
 * computed from scores, which leaves log-probabilities as they are.
 *
 * @paper Hinton et al. 2015, "Distilling the Knowledge in a Neural Network",
 *     <a href="https://arxiv.org/abs/1503.02531">arXiv:1503.02531</a>
 */
public record KlDivergence() implements ClassLoss {
    private static final double TINY = Float.MIN_NORMAL;

    @Override
    public String name() {
        return "kl_div";
    }

    @Override
    public Tensor losses(Tensor scores, Tensor target) {
        if (!target.dtype().isFloatingPoint()
                || scores.dim() != 2
                || !target.shape().equals(scores.shape())) {
            throw new ShapeException(name() + ": expected scores and probabilities of one shape [N, K], received "
                    + scores.shape() + " and " + target.shape() + " of type " + target.dtype()
                    + ". Maybe crossEntropy() was meant, which takes class indices.");
        }
        Tensor precise = Activation.precise(scores);
        Tensor wanted = target.to(precise.dtype());
        Tensor logWanted = wanted.clampMin(TINY).log(); // [N, K]
        return logWanted.sub(Functional.logSoftmax(precise, 1)).mul(wanted).sum(1); // [N]
    }
}
