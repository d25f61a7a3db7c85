package espalier.nn;

import espalier.tensor.Pooling;
import espalier.tensor.Pooling.Windows;
import espalier.tensor.Tensor;

/**
 * The mean of each window of a picture.
 *
 * @shape {@code [N, C, H, W]} to {@code [N, C, H', W']}
 */
public final class AvgPool2d extends Module {
    private final Windows windows;
    private final boolean countPadding;

    private AvgPool2d(Windows windows, boolean countPadding) {
        this.windows = windows;
        this.countPadding = countPadding;
    }

    /** Windows of {@code kernel} positions in each dimension, side by side, without padding. */
    public static AvgPool2d of(int kernel) {
        return new AvgPool2d(Windows.of(kernel), true);
    }

    /** The same with a window every {@code stride} positions. */
    public AvgPool2d stride(int stride) {
        return new AvgPool2d(new Windows(windows.kernel(), stride, windows.padding(), windows.ceil()), countPadding);
    }

    /** The same with {@code padding} positions added at each side, at most half the kernel. */
    public AvgPool2d padding(int padding) {
        return new AvgPool2d(new Windows(windows.kernel(), windows.stride(), padding, windows.ceil()), countPadding);
    }

    /** The same with a last window that is only partly inside. */
    public AvgPool2d ceil() {
        return new AvgPool2d(new Windows(windows.kernel(), windows.stride(), windows.padding(), true), countPadding);
    }

    /** The same with means over the positions inside alone; otherwise padding counts as zeros, as in PyTorch. */
    public AvgPool2d ignorePadding() {
        return new AvgPool2d(windows, false);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Pooling.avg2d(x, windows, countPadding)); // [N, C, H', W']
    }
}
