package espalier.loss;

import espalier.format.DType;
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

    /** The activation of a {@link #modelName}; {@code "none"}, as documents said at first, is {@link #IDENTITY}. */
    public static Optional<Activation> named(String modelName) {
        if (modelName.equals("none")) {
            return Optional.of(IDENTITY);
        }
        return Arrays.stream(values())
                .filter(activation -> activation.modelName().equals(modelName))
                .findFirst();
    }

    /** The probabilities of scores, in float32 at least. @shape {@code [N, K]} to the same */
    public Tensor apply(Tensor scores) {
        Tensor precise = precise(scores);
        return switch (this) {
            case IDENTITY -> precise;
            case SIGMOID -> precise.sigmoid();
            case SOFTMAX -> Functional.softmax(precise, 1);
        };
    }

    /** The probabilities of one input's scores, in plain Java. */
    public float[] apply(float[] scores) {
        float[] probabilities = scores.clone();
        double largest = Double.NEGATIVE_INFINITY;
        for (float score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score - largest);
        }
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = switch (this) {
                case IDENTITY -> scores[i];
                case SIGMOID -> (float) (1 / (1 + Math.exp(-scores[i])));
                case SOFTMAX -> (float) (Math.exp(scores[i] - largest) / sum);
            };
        }
        return probabilities;
    }

    /** Scores in float32 unless they are float64. */
    static Tensor precise(Tensor scores) {
        return scores.dtype() == DType.FLOAT64 ? scores : scores.to(DType.FLOAT32);
    }
}
