package espalier.metric;

import espalier.tensor.DType;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/** What metrics read out of scores and targets, with their shapes checked. */
final class Answers {
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
}
