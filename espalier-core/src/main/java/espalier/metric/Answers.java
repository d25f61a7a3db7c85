package espalier.metric;

import espalier.format.DType;
import espalier.tensor.Functional;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.Optional;

/** What metrics read out of scores and targets, with their shapes checked. */
final class Answers {
    private static final int IGNORED = -100;

    private Answers() {}

    /** Class indices {@code [N]} of a target {@code [N]}, or the likeliest of probabilities {@code [N, K]}. */
    static Tensor classes(String metric, Tensor scores, Tensor target) {
        boolean mixed = target.dtype().isFloatingPoint() && target.dim() == 2;
        if (scores.dim() != 2 || scores.size(0) != target.size(0) || !(mixed || target.dim() == 1)) {
            throw new ShapeException(metric + ": expected scores [N, K] and class indices [N], received "
                    + scores.shape() + " and " + target.shape()
                    + ". Maybe the items have several labels: use the metric for those, such as accuracyMulti.");
        }
        return mixed ? target.argmax(1) : target.to(DType.INT64);
    }

    /** The classes with the largest scores, {@code [N]}. */
    static Tensor predicted(Tensor scores) {
        return scores.argmax(1);
    }

    /** The labels {@code [N, K]} whose probability is above the threshold, as bool. */
    static Tensor labels(String metric, Tensor scores, Tensor target, double threshold) {
        if (!scores.shape().equals(target.shape())) {
            throw new ShapeException(metric + ": expected a target of shape " + scores.shape() + ", received "
                    + target.shape() + ". Maybe the items have one label each: use the metric for those.");
        }
        return scores.to(DType.FLOAT32).sigmoid().gt(threshold);
    }

    /** Predicted less right values; a column and a row of the same length are the same. */
    static Tensor difference(String metric, Tensor scores, Tensor target) {
        if (scores.numel() != target.numel() || scores.size(0) != target.size(0)) {
            throw new ShapeException(metric + ": expected a target of shape " + scores.shape() + ", received "
                    + target.shape() + ". Maybe the model has the wrong number of outputs.");
        }
        return scores.to(DType.FLOAT64).flatten().sub(target.to(DType.FLOAT64).flatten());
    }

    /** The cross entropy of each target that is not to be ignored, {@code [M]}. */
    static Tensor crossEntropy(Tensor scores, Tensor target) {
        long classes = scores.size(scores.dim() - 1);
        if (scores.dim() != target.dim() + 1 || target.numel() * classes != scores.numel()) {
            throw new ShapeException("perplexity: expected scores [..., K] and class indices [...], received "
                    + scores.shape() + " and " + target.shape() + ".");
        }
        Tensor wanted = target.flatten().to(DType.INT64); // [M]
        Tensor each = Functional.crossEntropy(
                scores.to(DType.FLOAT64).reshape(-1, classes), wanted, Optional.empty(), Functional.Reduction.NONE, 0);
        return each.maskedSelect(wanted.ne(IGNORED));
    }

    /** @throws IllegalArgumentException when the threshold is no probability */
    static void checkThreshold(double threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold must be 0 to 1, received " + threshold + ".");
        }
    }

    /** @throws ShapeException when a batch has another number of outputs than those before */
    static void checkOutputs(String metric, int before, int now) {
        if (before != now) {
            throw new ShapeException(metric + ": expected " + before + " outputs as before, received " + now
                    + ". Maybe it belongs to another evaluation: take a fresh() one.");
        }
    }
}
