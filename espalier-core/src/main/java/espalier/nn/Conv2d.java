package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Window;
import espalier.tensor.Tensor;
import java.util.Optional;

/**
 * Convolution over pictures: each output is the sum over channels and taps of weight times input, plus bias. Starts
 * uniformly in ±1/sqrt(fan in), as PyTorch's.
 *
 * @shape {@code [N, in, H, W]} to {@code [N, out, H', W']}; weight {@code [out, in / groups, kh, kw]}, bias
 *     {@code [out]}
 */
public final class Conv2d extends Convolving {
    private final Window window;
    private final boolean same;
    private final boolean mirrored;
    private Optional<Fold> fold = Optional.empty();

    private Conv2d(Tensor weight, Optional<Tensor> bias, Window window, boolean same, boolean mirrored) {
        super(weight, bias);
        this.window = window;
        this.same = same;
        this.mirrored = mirrored;
    }

    /** From {@code in} to {@code out} channels with a square kernel, stride 1, no padding, bias. */
    public static Conv2d of(int in, int out, int kernel) {
        return drawn(out, in, new long[] {kernel, kernel}, Window.of(2, 1, 0, 1, 1));
    }

    /** A convolution of each of {@code channels} by itself, with one square kernel a channel; stride 1, no padding, bias. */
    public static Conv2d depthwise(int channels, int kernel) {
        return drawn(channels, 1, new long[] {kernel, kernel}, Window.of(2, 1, 0, 1, channels));
    }

    private static Conv2d drawn(long out, long in, long[] kernel, Window window) {
        var weight = Tensor.zeros(out, in, kernel[0], kernel[1]);
        var layer = new Conv2d(weight, Optional.of(Tensor.zeros(out)), window, false, false);
        layer.reset(Rng.of(0));
        return layer;
    }

    /** A layer with a kernel of {@code height} by {@code width}; its weights are drawn anew. */
    public Conv2d kernel(int height, int width) {
        var drawn = drawn(weight.size(0), weight.size(1), new long[] {height, width}, window);
        return new Conv2d(drawn.weight(), bias, window, same, mirrored);
    }

    /** The same layer with an output every {@code stride} positions. */
    public Conv2d stride(int stride) {
        return stride(stride, stride);
    }

    /** The same layer with strides of their own for the two directions. */
    public Conv2d stride(int height, int width) {
        return window(new Window(new long[] {height, width}, window.padding(), window.dilation(), window.groups()));
    }

    /** The same layer with {@code padding} zeros added at each side. */
    public Conv2d padding(int padding) {
        return padding(padding, padding);
    }

    /** The same layer with {@code height} zeros added above and below and {@code width} left and right. */
    public Conv2d padding(int height, int width) {
        var padded = new Window(window.stride(), new long[] {height, width}, window.dilation(), window.groups());
        return new Conv2d(weight, bias, padded, false, mirrored);
    }

    /**
     * The same layer padded as TensorFlow's "same": so many zeros that there is one output for each whole or partial
     * stride, an odd one below and right. Depends on the size of the picture, unlike {@link #padding}.
     */
    public Conv2d samePadding() {
        return new Conv2d(weight, bias, window, true, mirrored);
    }

    /**
     * The same layer for pictures mirrored in both directions: it mirrors its kernel, so that the output is the mirror
     * image of the plain layer's. A mirrored picture has the odd zeros of {@link #samePadding} above and left, where
     * they cost no copy of the input; a network that is mirrored as a whole trains faster.
     */
    public Conv2d mirrored() {
        return new Conv2d(weight, bias, window, same, true);
    }

    /** The same layer with taps {@code dilation} positions apart. */
    public Conv2d dilation(int dilation) {
        return window(new Window(window.stride(), window.padding(), new long[] {dilation, dilation}, window.groups()));
    }

    /** A layer whose channels fall into separate groups; its weights are drawn anew. */
    public Conv2d groups(int groups) {
        long in = weight.size(1) * window.groups();
        checkGroups(in, weight.size(0), groups);
        var grouped = new Window(window.stride(), window.padding(), window.dilation(), groups);
        var kernel = new long[] {weight.size(2), weight.size(3)};
        return new Conv2d(drawn(weight.size(0), in / groups, kernel, grouped).weight(), bias, grouped, same, mirrored);
    }

    /** The same layer without its bias. */
    public Conv2d noBias() {
        return new Conv2d(weight, Optional.empty(), window, same, mirrored);
    }

    private Conv2d window(Window changed) {
        return new Conv2d(weight, bias, changed, same, mirrored);
    }

    @Override
    public Tensor forward(Tensor x) {
        var taps = fold.filter(Fold::inUse).map(Fold::taps).orElseGet(() -> new Fold.Taps(weight, bias));
        return seen(convolve(x, taps.weight(), taps.bias())); // [N, out, H', W']
    }

    private Tensor convolve(Tensor x, Tensor w, Optional<Tensor> b) {
        Tensor taps = mirrored && w.size(2) * w.size(3) > 1 ? w.flip(2, 3) : w;
        if (!same) {
            return Functional.conv2d(x, taps, b, window);
        }
        return mirrored ? SamePadding.mirrored(x, taps, b, window) : SamePadding.conv2d(x, taps, b, window);
    }

    void fold(Fold fold) {
        this.fold = Optional.of(fold);
    }

    @Override
    protected void forget() {
        fold.ifPresent(Fold::forget);
    }
}
