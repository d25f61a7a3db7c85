package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.List;

/** A random change of a picture's light. Several are composed into one tone and applied in one pass. */
public interface Lighting extends BatchTransform {
    /**
     * Draws for one picture of the training set and adds the result to {@code tone}.
     *
     * <p>Draws the same number of random numbers whatever comes out, so that what follows does not depend on it.
     */
    void draw(Rng rng, Tone tone);

    @Override
    default Tensor apply(Tensor x, boolean training, List<Rng> items) {
        return Augmentation.of(this).apply(x, training, items);
    }
}
