package espalier.format;

import espalier.rng.Rng;
import java.util.Map;

/**
 * A step between a raw item and the model: takes one thing and gives another of the same type.
 *
 * <p>A transform holds no mutable state and is called from many threads at once; all its randomness
 * comes from the {@code rng} it is given, so that the same (seed, epoch, index) gives the same result.
 * On validation and prediction ({@code training == false}) it must not draw at all.
 *
 * @param <T> what is transformed: an image, a text, a batch of either
 */
public interface Transform<T> {
    /**
     * Gives the transformed {@code x}; does not change {@code x} itself.
     *
     * @param training true for items of the training set: random steps draw only then
     * @param rng the item's own generator
     */
    T apply(T x, boolean training, Rng rng);

    /** The name by which a model file and the catalogue know this transform, such as {@code "resize"}. */
    String name();

    /** Every parameter by its name, with values that JSON can hold, enough to build the same transform again. */
    Map<String, Object> parameters();
}
