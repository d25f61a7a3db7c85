package espalier.train;

import java.util.Arrays;

/**
 * What the batch norms before the last parameter group, those of a body with published weights, do in training.
 * The norms of the last group, the head, always normalise by the batch.
 *
 * <p>At rest a norm uses its running statistics and leaves them as they are, as in evaluation; whether its weight and
 * bias are trained depends on freezing alone.
 */
public enum Norms {
    /**
     * They always rest: training and evaluation see the same features, from the first frozen step to the last one, and a
     * step is cheaper. For published weights.
     */
    REST("eval"),
    /** Those of frozen groups rest, the others normalise by the batch. For models that start by chance. */
    REST_FROZEN("frozen"),
    /**
     * All normalise by the batch, and their weights and biases are trained even in frozen groups: fastai's way, at the price
     * of a backward pass through the whole body.
     */
    TRAIN("train");

    private final String word;

    Norms(String word) {
        this.word = word;
    }

    /** The word for it on the command line and in model files: {@code eval}, {@code frozen} or {@code train}. */
    public String word() {
        return word;
    }

    /** The one of this {@link #word}. @throws IllegalArgumentException when there is none */
    public static Norms named(String word) {
        return Arrays.stream(values())
                .filter(norms -> norms.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "batch norms: expected eval, frozen or train, received " + word + "."));
    }
}
