package espalier.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The ways to give batches of pictures {@code [N, C, H, W]} another size, as {@code torch.nn.functional.interpolate}
 * and without antialias. Pictures from files are resized before the batch, by {@code espalier.image}.
 */
public final class Interpolation {
    private Interpolation() {}

    /** The mean of the area that each new pixel covers; for making pictures smaller. */
    public static Tensor area(Tensor x, long height, long width) {
        return Pooling.adaptiveAvg2d(x, height, width);
    }

    /** Cubic curves through four by four pixels, corners not aligned. */
    public static Tensor bicubic(Tensor x, long height, long width) {
        Operands.dims("interpolate", x, 4, "[N, C, H, W]");
        return Native.call(
                "interpolate",
                () -> torch.upsample_bicubic2d(x.raw(), sizes(height, width), false),
                "bicubic",
                height,
                width);
    }

    /** Straight lines between two by two pixels; PyTorch's default for {@code alignCorners} is false. */
    public static Tensor bilinear(Tensor x, long height, long width, boolean alignCorners) {
        Operands.dims("interpolate", x, 4, "[N, C, H, W]");
        return Native.call(
                "interpolate",
                () -> torch.upsample_bilinear2d(x.raw(), sizes(height, width), alignCorners),
                "bilinear",
                height,
                width,
                alignCorners);
    }

    /** The pixel to the upper left, PyTorch's {@code nearest}. */
    public static Tensor nearest(Tensor x, long height, long width) {
        Operands.dims("interpolate", x, 4, "[N, C, H, W]");
        return Native.call(
                "interpolate",
                () -> torch.upsample_nearest2d(
                        x.raw(), sizes(height, width), new DoubleOptional(), new DoubleOptional()),
                "nearest",
                height,
                width);
    }

    /** {@link Functional#gridSample} with the nearest pixel at each position, for labels and masks; corners not aligned. */
    public static Tensor nearestSample(Tensor x, Tensor grid, Functional.Padding mode) {
        return sampled(x, grid, 1, mode, false);
    }

    static Tensor sampled(Tensor x, Tensor grid, int how, Functional.Padding mode, boolean alignCorners) {
        Operands.dims("gridSample", x, 4, "[N, C, H, W]");
        Operands.size("gridSample", grid, 0, x.size(0), "grids");
        return Native.call(
                "gridSample", () -> torch.grid_sampler(x.raw(), grid.raw(), how, mode.ordinal(), alignCorners));
    }

    private static long[] sizes(long height, long width) {
        return new long[] {height, width};
    }
}
