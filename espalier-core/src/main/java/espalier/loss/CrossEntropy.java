package espalier.loss;

import espalier.format.DType;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Reduction;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Cross entropy: minus the logarithm of the probability of the right class, for classes that exclude each other.
 *
 * <p>The target is class indices {@code [N]} int64, where -100 marks items to be ignored, or probabilities
 * {@code [N, K]} (mixed items). With class weights the batch's loss is the weighted mean, as PyTorch's; a batch in
 * which all weights are 0 has the loss 0 and no gradient, where PyTorch gives NaN. With label smoothing 1 the target is
 * uniform whatever the label; with a single class the loss is 0. Of log-probabilities it is PyTorch's {@code NLLLoss}:
 * a network may end with log-softmax.
 *
 * @param labelSmoothing how much of each target is spread evenly over all classes, 0 to 1
 * @param weights one for each class, or empty
 * @paper Szegedy et al. 2016, "Rethinking the Inception Architecture",
 *     <a href="https://arxiv.org/abs/1512.00567">arXiv:1512.00567</a>, for label smoothing
 */
public record CrossEntropy(double labelSmoothing, List<Double> weights) implements ClassLoss {
    /** Checks the ranges. */
    public CrossEntropy {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new IllegalArgumentException("label smoothing must be 0 to 1, received " + labelSmoothing + ".");
        }
        weights = List.copyOf(weights);
    }

    /** Without smoothing and weights. */
    public static CrossEntropy standard() {
        return new CrossEntropy(0, List.of());
    }

    /** The same with label smoothing; fastai uses 0.1. */
    public CrossEntropy labelSmoothing(double labelSmoothing) {
        return new CrossEntropy(labelSmoothing, weights);
    }

    /** The same with one weight a class, for example {@link ClassWeights#balanced}. */
    public CrossEntropy weights(double... weights) {
        return new CrossEntropy(labelSmoothing, ClassWeights.checked(name(), weights));
    }

    @Override
    public String name() {
        return "cross_entropy";
    }

    @Override
    public Tensor losses(Tensor scores, Tensor target) {
        Tensor precise = Activation.precise(scores);
        if (target.dtype().isFloatingPoint()) {
            return mixed(precise, target.to(precise.dtype()));
        }
        ClassLoss.labels(name(), precise, target);
        return reduced(precise, target, Reduction.NONE);
    }

    @Override
    public Tensor loss(Tensor scores, Tensor target) {
        if (target.dtype().isFloatingPoint()) {
            return losses(scores, target).mean();
        }
        Tensor precise = Activation.precise(scores);
        double total = 0;
        for (long label : ClassLoss.labels(name(), precise, target)) {
            total += label == IGNORED ? 0 : weights.isEmpty() ? 1 : weights.get((int) label);
        }
        // A mean over nothing is NaN, and would spoil the model: such a batch teaches nothing.
        return total == 0 ? reduced(precise, target, Reduction.SUM).mul(0) : reduced(precise, target, Reduction.MEAN);
    }

    private Tensor reduced(Tensor scores, Tensor target, Reduction reduction) {
        Optional<Tensor> weight = ClassWeights.ifAny(name(), weights, scores);
        return Functional.crossEntropy(scores, target.to(DType.INT64), weight, reduction, labelSmoothing);
    }

    private Tensor mixed(Tensor scores, Tensor target) {
        if (!target.shape().equals(scores.shape())) {
            throw new ShapeException(name() + ": expected probabilities of shape " + scores.shape() + ", received "
                    + target.shape() + ". Maybe the target should be class indices of type int64.");
        }
        double spread = labelSmoothing / scores.size(1);
        Tensor wanted = target.mul(1 - labelSmoothing).add(spread);
        if (!weights.isEmpty()) {
            wanted = wanted.mul(ClassWeights.tensor(name(), weights, scores));
        }
        return wanted.mul(Functional.logSoftmax(scores, 1)).sum(1).neg(); // [N]
    }
}
