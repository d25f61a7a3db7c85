package espalier.nn;

import espalier.tensor.Pooling;
import espalier.tensor.Pooling.Windows;
import espalier.tensor.Tensor;

/**
 * The largest value of each window of a sequence; padding never wins.
 *
 * @shape {@code [N, C, T]} to {@code [N, C, T']}
 */
public final class MaxPool1d extends Module {
    private final Windows windows;

    private MaxPool1d(Windows windows) {
        this.windows = windows;
    }

    /** Windows of {@code kernel} positions, side by side, without padding. */
    public static MaxPool1d of(int kernel) {
        return new MaxPool1d(Windows.of(kernel));
    }

    /** The same with a window every {@code stride} positions. */
    public MaxPool1d stride(int stride) {
        return new MaxPool1d(new Windows(windows.kernel(), stride, windows.padding(), windows.ceil()));
    }

    /** The same with {@code padding} positions added at each side, at most half the kernel. */
    public MaxPool1d padding(int padding) {
        return new MaxPool1d(new Windows(windows.kernel(), windows.stride(), padding, windows.ceil()));
    }

    /** The same with a last window that is only partly inside. */
    public MaxPool1d ceil() {
        return new MaxPool1d(new Windows(windows.kernel(), windows.stride(), windows.padding(), true));
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Pooling.max1d(x, windows)); // [N, C, T']
    }
}
