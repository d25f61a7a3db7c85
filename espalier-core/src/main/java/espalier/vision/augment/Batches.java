package espalier.vision.augment;

import espalier.rng.Rng;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.List;

/** Checks of batches before they are augmented. */
final class Batches {
    private Batches() {}

    static void check(String name, Tensor x, List<Rng> items) {
        if (x.dim() != 4 || !x.dtype().isFloatingPoint()) {
            throw new ShapeException(name + ": expected floats [N, C, H, W], received "
                    + x.dtype().torchName() + " " + x.shape() + ". Maybe the pictures were not converted to 0..1 yet.");
        }
        if (items.size() != x.size(0)) {
            throw new ShapeException(name + ": expected one generator for each of the " + x.size(0)
                    + " pictures, received " + items.size() + ".");
        }
    }

    static void colour(String name, Tensor x) {
        if (x.size(1) != 3) {
            throw new ShapeException(name + ": expected 3 channels, received " + x.size(1) + " in " + x.shape() + ".");
        }
    }
}
