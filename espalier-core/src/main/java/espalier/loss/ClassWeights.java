package espalier.loss;

import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Weights that make up for classes of different sizes. */
public final class ClassWeights {
    private ClassWeights() {}

    /**
     * Weights with which all classes count alike: {@code n / (present classes * count)}, scikit-learn's "balanced".
     * A class that does not occur weighs 0: nothing can be learned about it.
     *
     * @param counts the number of training items of each class
     */
    public static double[] balanced(long... counts) {
        long total = Arrays.stream(counts).sum();
        long present = Arrays.stream(counts).filter(count -> count > 0).count();
        return Arrays.stream(counts)
                .mapToDouble(count -> count == 0 ? 0 : (double) total / (present * count))
                .toArray();
    }

    static List<Double> checked(String loss, double... weights) {
        if (!Arrays.stream(weights).allMatch(weight -> weight >= 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException(loss + ": weights must be finite and not negative, received "
                    + Arrays.toString(weights) + ". Maybe a class without items was divided by: use balanced.");
        }
        return Arrays.stream(weights).boxed().toList();
    }

    /** The weights as {@link #tensor}, if there are any. */
    static Optional<Tensor> ifAny(String loss, List<Double> weights, Tensor scores) {
        return weights.isEmpty() ? Optional.empty() : Optional.of(tensor(loss, weights, scores));
    }

    /** The weights as a tensor that fits the scores' last dimension, {@code [K]}. */
    static Tensor tensor(String loss, List<Double> weights, Tensor scores) {
        if (scores.size(-1) != weights.size()) {
            throw new IllegalArgumentException(loss + ": " + weights.size() + " weights for scores of shape "
                    + scores.shape() + ": expected one weight a class.");
        }
        var values = Tensor.of(weights.stream().mapToDouble(w -> w).toArray(), weights.size());
        return values.to(scores.dtype()).to(scores.device());
    }
}
