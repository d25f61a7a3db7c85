package espalier.loss;

import espalier.tensor.Functional;
import espalier.tensor.Functional.Reduction;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Binary cross entropy of each label by itself, from scores before the sigmoid: for items with any number of
 * labels. The target is 0 or 1 (or between) in the shape of the scores; an item's loss is the mean over its labels.
 *
 * @param threshold a label is given when its probability is above this
 * @param positiveWeights how much more a label counts where it is present, one a label, or empty
 * @param weights how much each label counts, or empty
 */
public record BceWithLogits(double threshold, List<Double> positiveWeights, List<Double> weights) implements Loss {

    /** Checks the range. */
    public BceWithLogits {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold must be 0 to 1, received " + threshold + ".");
        }
        positiveWeights = List.copyOf(positiveWeights);
        weights = List.copyOf(weights);
    }

    /** Threshold 0.5, no weights. */
    public static BceWithLogits standard() {
        return new BceWithLogits(0.5, List.of(), List.of());
    }

    /** The same with another {@link #threshold}. */
    public BceWithLogits threshold(double threshold) {
        return new BceWithLogits(threshold, positiveWeights, weights);
    }

    /** The same with other {@link #positiveWeights}. */
    public BceWithLogits positiveWeights(double... weights) {
        return new BceWithLogits(threshold, ClassWeights.checked(name(), weights), this.weights);
    }

    /** The same with other {@link #weights}. */
    public BceWithLogits weights(double... weights) {
        return new BceWithLogits(threshold, positiveWeights, ClassWeights.checked(name(), weights));
    }

    @Override
    public String name() {
        return "bce_with_logits";
    }

    @Override
    public Tensor losses(Tensor scores, Tensor target) {
        Tensor precise = Activation.precise(scores);
        Optional<Tensor> positive = ClassWeights.ifAny(name(), positiveWeights, precise);
        Tensor values = Functional.binaryCrossEntropyWithLogits(
                precise, Loss.like(name(), precise, target), positive, Reduction.NONE);
        if (!weights.isEmpty()) {
            values = values.mul(ClassWeights.tensor(name(), weights, precise));
        }
        return Loss.perItem(values);
    }

    @Override
    public Activation activation() {
        return Activation.SIGMOID;
    }

    @Override
    public Tensor decode(Tensor probabilities) {
        return probabilities.gt(threshold);
    }
}
