package espalier.loss;

import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/**
 * A measure of how wrong scores are, with the two things that a prediction needs: {@link #activation}, from scores
 * to probabilities, and {@link #decode}, from probabilities to labels. The catalogue is {@link Losses}.
 *
 * <p>Scores are what the model gives, before any activation. Losses are computed in float32 at least, also under
 * autocast.
 */
public interface Loss {
    /** The name in the catalogue, such as {@code "cross_entropy"}. */
    String name();

    /**
     * The loss of each item, {@code [N]}, differentiable.
     *
     * @throws ShapeException when scores and target do not belong together
     */
    Tensor losses(Tensor scores, Tensor target);

    /**
     * The loss of the batch, a differentiable scalar: the mean over the items, weighted where the items have
     * weights.
     *
     * @throws ShapeException when scores and target do not belong together
     */
    default Tensor loss(Tensor scores, Tensor target) {
        return losses(scores, target).mean();
    }

    /** What {@link #activation} does, as the model file names it. */
    Activation activation();

    /** The probabilities (for regression: the values) that scores stand for, of the same shape. */
    default Tensor activation(Tensor scores) {
        return activation().apply(scores);
    }

    /**
     * The labels of probabilities: class indices {@code [N]} int64, or a bool tensor {@code [N, K]}, or the values
     * themselves for regression.
     */
    Tensor decode(Tensor probabilities);

    /** The target in the scores' shape and type: {@code [N]} fits {@code [N, 1]}. @throws ShapeException otherwise */
    static Tensor like(String loss, Tensor scores, Tensor target) {
        boolean same = target.shape().equals(scores.shape());
        boolean column = target.numel() == scores.numel() && target.size(0) == scores.size(0);
        if (!same && !(column && Math.min(target.dim(), scores.dim()) == 1)) {
            throw new ShapeException(loss + ": expected a target of shape " + scores.shape() + ", that of the scores,"
                    + " received " + target.shape() + ". Maybe the model has the wrong number of outputs.");
        }
        return target.reshape(scores.shape().sizes()).to(scores.dtype());
    }

    /** The mean over all dimensions but the first: one number an item. */
    static Tensor perItem(Tensor values) {
        return values.dim() == 1 ? values : values.flatten(1, -1).mean(1); // [N]
    }
}
