package espalier.nn;

import espalier.tensor.Pooling;
import espalier.tensor.Pooling.Windows;
import espalier.tensor.Tensor;

/**
 * The mean of each window of a sequence.
 *
 * @shape {@code [N, C, T]} to {@code [N, C, T']}
 */
public final class AvgPool1d extends Module {
    private final Windows windows;
    private final boolean countPadding;

    private AvgPool1d(Windows windows, boolean countPadding) {
        this.windows = windows;
        this.countPadding = countPadding;
    }

    /** Windows of {@code kernel} positions, side by side, without padding. */
    public static AvgPool1d of(int kernel) {
        return new AvgPool1d(Windows.of(kernel), true);
    }

    /** The same with a window every {@code stride} positions. */
    public AvgPool1d stride(int stride) {
        return new AvgPool1d(new Windows(windows.kernel(), stride, windows.padding(), windows.ceil()), countPadding);
    }

    /** The same with {@code padding} positions added at each side, at most half the kernel. */
    public AvgPool1d padding(int padding) {
        return new AvgPool1d(new Windows(windows.kernel(), windows.stride(), padding, windows.ceil()), countPadding);
    }

    /** The same with a last window that is only partly inside. */
    public AvgPool1d ceil() {
        return new AvgPool1d(new Windows(windows.kernel(), windows.stride(), windows.padding(), true), countPadding);
    }

    /** The same with means over the positions inside alone; otherwise padding counts as zeros, as in PyTorch. */
    public AvgPool1d ignorePadding() {
        return new AvgPool1d(windows, false);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Pooling.avg1d(x, windows, countPadding)); // [N, C, T']
    }
}
