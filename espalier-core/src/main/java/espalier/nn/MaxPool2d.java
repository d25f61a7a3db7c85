package espalier.nn;

import espalier.tensor.Pooling;
import espalier.tensor.Pooling.Windows;
import espalier.tensor.Tensor;

/**
 * The largest value of each window of a picture; padding never wins.
 *
 * @shape {@code [N, C, H, W]} to {@code [N, C, H', W']}
 */
public final class MaxPool2d extends Module {
    private final Windows windows;

    private MaxPool2d(Windows windows) {
        this.windows = windows;
    }

    /** Windows of {@code kernel} positions in each dimension, side by side, without padding. */
    public static MaxPool2d of(int kernel) {
        return new MaxPool2d(Windows.of(kernel));
    }

    /** The same with a window every {@code stride} positions. */
    public MaxPool2d stride(int stride) {
        return new MaxPool2d(new Windows(windows.kernel(), stride, windows.padding(), windows.ceil()));
    }

    /** The same with {@code padding} positions added at each side, at most half the kernel. */
    public MaxPool2d padding(int padding) {
        return new MaxPool2d(new Windows(windows.kernel(), windows.stride(), padding, windows.ceil()));
    }

    /** The same with a last window that is only partly inside. */
    public MaxPool2d ceil() {
        return new MaxPool2d(new Windows(windows.kernel(), windows.stride(), windows.padding(), true));
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Pooling.max2d(x, windows)); // [N, C, H', W']
    }
}
