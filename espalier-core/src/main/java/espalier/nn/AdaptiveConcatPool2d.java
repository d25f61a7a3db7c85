package espalier.nn;

import espalier.tensor.Pooling;
import espalier.tensor.Tensor;
import java.util.List;

/**
 * Largest values, then means, over a grid of windows: fastai's pool, which doubles the channels.
 *
 * @shape {@code [N, C, H, W]} to {@code [N, 2C, height, width]}
 */
public final class AdaptiveConcatPool2d extends Module {
    private final int height;
    private final int width;

    private AdaptiveConcatPool2d(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /** A grid of {@code size} by {@code size}; 1 pools the whole picture. */
    public static AdaptiveConcatPool2d of(int size) {
        return new AdaptiveConcatPool2d(size, size);
    }

    /** A grid of {@code height} by {@code width}. */
    public static AdaptiveConcatPool2d of(int height, int width) {
        return new AdaptiveConcatPool2d(height, width);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Tensor.cat(
                List.of(Pooling.adaptiveMax2d(x, height, width), Pooling.adaptiveAvg2d(x, height, width)),
                1)); // [N, 2C, height, width]
    }
}
