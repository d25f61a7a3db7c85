package espalier.metric;

import espalier.tensor.Tensor;
import java.util.OptionalDouble;

/**
 * A number about a model's answers, collected batch by batch: the value after many batches, also of different
 * sizes, is that of all their items together. The catalogue is {@link Metrics}; a metric that is a mean over items
 * is one line, {@link Metrics#mean}.
 *
 * <p>Not thread-safe: each evaluation takes a {@link #fresh} one.
 */
public interface Metric {
    /** The name in tables and files, fastai's word, such as {@code "error_rate"}. */
    String name();

    /** Which values are good. */
    Direction direction();

    /**
     * Takes a batch in. Nothing of it is kept alive.
     *
     * @param scores what the model gave, before any activation, {@code [N, ...]}
     * @param target what is right: class indices {@code [N]}, labels {@code [N, K]} of 0 and 1, or values
     */
    void update(Tensor scores, Tensor target);

    /** The value over all batches so far; empty before the first item. */
    OptionalDouble value();

    /** A new metric of the same kind with the same options, that has seen nothing. */
    Metric fresh();

    /**
     * The same as {@link #fresh} for so many classes, where the metric depends on them: a score of the positive class
     * becomes the mean over the classes when there are not two.
     */
    default Metric fitting(int classes) {
        return fresh();
    }
}
