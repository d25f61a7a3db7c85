package espalier.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Maxima and means over windows of pictures and sequences, as in {@code torch.nn.functional}. */
public final class Pooling {
    private Pooling() {}

    /**
     * The windows of a pool.
     *
     * @param kernel their size, in each dimension
     * @param stride positions between two
     * @param padding positions added at each side, at most half the kernel; they never win a maximum
     * @param ceil whether a last window that is only partly inside counts
     */
    public record Windows(long kernel, long stride, long padding, boolean ceil) {
        /** Windows side by side, without padding. */
        public static Windows of(long kernel) {
            return new Windows(kernel, kernel, 0, false);
        }
    }

    /** The largest value of each window. @shape x {@code [N, C, H, W]} */
    public static Tensor max2d(Tensor x, Windows windows) {
        Operands.dims("maxPool2d", x, 4, "[N, C, H, W]");
        return Native.call(
                "maxPool2d",
                () -> torch.max_pool2d(
                        x.raw(),
                        pair(windows.kernel()),
                        pair(windows.stride()),
                        pair(windows.padding()),
                        pair(1),
                        windows.ceil()),
                windows);
    }

    /** The mean of each window; padding counts as zeros when {@code countPadding}. @shape x {@code [N, C, H, W]} */
    public static Tensor avg2d(Tensor x, Windows windows, boolean countPadding) {
        Operands.dims("avgPool2d", x, 4, "[N, C, H, W]");
        return Native.call(
                "avgPool2d",
                () -> torch.avg_pool2d(
                        x.raw(),
                        pair(windows.kernel()),
                        pair(windows.stride()),
                        pair(windows.padding()),
                        windows.ceil(),
                        countPadding,
                        new LongOptional()),
                windows,
                countPadding);
    }

    /** The largest value of each window. @shape x {@code [N, C, T]} */
    public static Tensor max1d(Tensor x, Windows windows) {
        Operands.dims("maxPool1d", x, 3, "[N, C, T]");
        return Native.call(
                "maxPool1d",
                () -> torch.max_pool1d(
                        x.raw(),
                        one(windows.kernel()),
                        one(windows.stride()),
                        one(windows.padding()),
                        one(1),
                        windows.ceil()),
                windows);
    }

    /** The mean of each window; padding counts as zeros when {@code countPadding}. @shape x {@code [N, C, T]} */
    public static Tensor avg1d(Tensor x, Windows windows, boolean countPadding) {
        Operands.dims("avgPool1d", x, 3, "[N, C, T]");
        return Native.call(
                "avgPool1d",
                () -> torch.avg_pool1d(
                        x.raw(),
                        one(windows.kernel()),
                        one(windows.stride()),
                        one(windows.padding()),
                        windows.ceil(),
                        countPadding),
                windows,
                countPadding);
    }

    /** Means over a grid of windows that gives {@code [N, C, height, width]}. @shape x {@code [N, C, H, W]} */
    public static Tensor adaptiveAvg2d(Tensor x, long height, long width) {
        Operands.dims("adaptiveAvgPool2d", x, 4, "[N, C, H, W]");
        return Native.call("adaptiveAvgPool2d", () -> torch.adaptive_avg_pool2d(x.raw(), height, width), height, width);
    }

    /** Largest values over a grid of windows that gives {@code [N, C, height, width]}. @shape x {@code [N, C, H, W]} */
    public static Tensor adaptiveMax2d(Tensor x, long height, long width) {
        Operands.dims("adaptiveMaxPool2d", x, 4, "[N, C, H, W]");
        return Native.run(
                "adaptiveMaxPool2d",
                () -> Native.takeCopy(
                        torch.adaptive_max_pool2d(x.raw(), height, width).get0()),
                height,
                width);
    }

    private static long[] pair(long value) {
        return new long[] {value, value};
    }

    private static long[] one(long value) {
        return new long[] {value};
    }
}
