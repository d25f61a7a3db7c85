package espalier.loss;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What turns scores into probabilities. */
public enum Activation {
    /** Nothing: the scores are the values, for regression. */
    IDENTITY,
    /** A probability for each label by itself. */
    SIGMOID,
    /** Probabilities of classes that exclude each other, adding up to 1 along dimension 1. */
    SOFTMAX;

    /** The name in model files: {@code "identity"}, {@code "sigmoid"} or {@code "softmax"}. */
    public String modelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The activation of a {@link #modelName}. */
    public static Optional<Activation> named(String modelName) {
        return Arrays.stream(values())
                .filter(activation -> activation.modelName().equals(modelName))
                .findFirst();
    }

    /** The probabilities of scores, in float32 at least. @shape {@code [N, K]} to the same */
    public Tensor apply(Tensor scores) {
        Tensor precise = Loss.precise(scores);
        return switch (this) {
            case IDENTITY -> precise;
            case SIGMOID -> precise.sigmoid();
            case SOFTMAX -> Functional.softmax(precise, 1);
        };
    }
}
