package espalier.train;

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
    REST,
    /** Those of frozen groups rest, the others normalise by the batch. For models that start by chance. */
    REST_FROZEN,
    /**
     * All normalise by the batch, and their weights and biases are trained even in frozen groups: fastai's way, at the price
     * of a backward pass through the whole body.
     */
    TRAIN
}
