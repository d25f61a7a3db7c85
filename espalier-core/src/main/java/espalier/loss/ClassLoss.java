package espalier.loss;

import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/** A loss of classes that exclude each other: softmax makes probabilities of scores, the likeliest class is the answer. */
interface ClassLoss extends Loss {
    /** The class index of items that are left out. */
    int IGNORED = -100;

    @Override
    default Activation activation() {
        return Activation.SOFTMAX;
    }

    @Override
    default Tensor decode(Tensor probabilities) {
        return probabilities.argmax(1); // [N]
    }

    /** The class indices of {@code target} {@code [N]}, checked against scores {@code [N, K]} before libtorch sees them. */
    static long[] labels(String loss, Tensor scores, Tensor target) {
        if (scores.dim() != 2 || target.dim() != 1 || scores.size(0) != target.size(0)) {
            throw new ShapeException(loss + ": expected scores [N, K] and class indices [N], received " + scores.shape()
                    + " and " + target.shape() + ".");
        }
        long classes = scores.size(1);
        long[] labels = target.toLongArray();
        for (long label : labels) {
            if (label != IGNORED && (label < 0 || label >= classes)) {
                throw new IllegalArgumentException(loss + ": the class index " + label + " is not among the " + classes
                        + " classes of the scores. Maybe the model was made for another number of classes.");
            }
        }
        return labels;
    }
}
