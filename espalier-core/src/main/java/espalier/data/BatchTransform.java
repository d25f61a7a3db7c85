package espalier.data;

import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A step between a collected batch and the model: takes the inputs of a batch and gives others.
 *
 * <p>Each item of the batch has its own generator, so that what happens to an item is a function of (seed,
 * epoch, index) and does not depend on its neighbours in the batch. A batch transform holds no mutable state
 * and is called from many threads at once. On validation and prediction ({@code training == false}) it must
 * not draw at all.
 */
public interface BatchTransform {
    /**
     * Gives the transformed {@code x}; does not change {@code x} itself.
     *
     * @param x the inputs of the batch, items along dimension 0
     * @param training true for batches of the training set: random steps draw only then
     * @param items the items' own generators, one for each along dimension 0
     */
    Tensor apply(Tensor x, boolean training, List<Rng> items);

    /** The name by which a model file and the catalogue know this transform, such as {@code "normalize"}. */
    String name();

    /** Every parameter by its name, with values that JSON can hold, enough to build the same transform again. */
    Map<String, Object> parameters();
}
