package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.List;

/**
 * A random change of where a picture's pixels come from. Several are composed into one map and sampled once.
 *
 * <p>By itself it is a batch transform that samples with reflection.
 */
public interface Geometry extends BatchTransform {
    /**
     * Draws for one picture of the training set and adds the result to {@code map}.
     *
     * <p>Draws the same number of random numbers whatever comes out, so that what follows does not depend on it.
     */
    void draw(Rng rng, CoordinateMap map);

    /** Adds to {@code map} what is done to a picture in validation: by default nothing. */
    default void still(CoordinateMap map) {}

    @Override
    default Tensor apply(Tensor x, boolean training, List<Rng> items) {
        return Augmentation.of(this).apply(x, training, items);
    }
}
