package espalier.nn;

import espalier.tensor.Pooling;
import espalier.tensor.Tensor;

/**
 * Means over a grid of windows, whatever the size of the picture.
 *
 * @shape {@code [N, C, H, W]} to {@code [N, C, height, width]}
 */
public final class AdaptiveAvgPool2d extends Module {
    private final int height;
    private final int width;

    private AdaptiveAvgPool2d(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /** A grid of {@code size} by {@code size}; 1 pools the whole picture. */
    public static AdaptiveAvgPool2d of(int size) {
        return new AdaptiveAvgPool2d(size, size);
    }

    /** A grid of {@code height} by {@code width}. */
    public static AdaptiveAvgPool2d of(int height, int width) {
        return new AdaptiveAvgPool2d(height, width);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Pooling.adaptiveAvg2d(x, height, width)); // [N, C, height, width]
    }
}
