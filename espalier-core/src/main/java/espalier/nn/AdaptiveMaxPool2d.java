package espalier.nn;

import espalier.tensor.Pooling;
import espalier.tensor.Tensor;

/**
 * Largest values over a grid of windows, whatever the size of the picture.
 *
 * @shape {@code [N, C, H, W]} to {@code [N, C, height, width]}
 */
public final class AdaptiveMaxPool2d extends Module {
    private final int height;
    private final int width;

    private AdaptiveMaxPool2d(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /** A grid of {@code size} by {@code size}; 1 pools the whole picture. */
    public static AdaptiveMaxPool2d of(int size) {
        return new AdaptiveMaxPool2d(size, size);
    }

    /** A grid of {@code height} by {@code width}. */
    public static AdaptiveMaxPool2d of(int height, int width) {
        return new AdaptiveMaxPool2d(height, width);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Pooling.adaptiveMax2d(x, height, width)); // [N, C, height, width]
    }
}
