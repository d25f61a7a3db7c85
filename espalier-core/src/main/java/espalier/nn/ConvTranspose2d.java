package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional.Window;
import espalier.tensor.Tensor;
import espalier.tensor.TransposedConvolution;
import java.util.Optional;

/**
 * Transposed convolution over pictures, which makes them larger: each input value spreads over the output as the kernel
 * weighs it. Starts uniformly, as PyTorch's.
 *
 * @paper Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", section 4
 * @shape {@code [N, in, H, W]} to {@code [N, out, (H - 1) stride - 2 padding + dilation (kernel - 1) + extra + 1, ...]};
 *     weight {@code [in, out / groups, kernel, kernel]}, bias {@code [out]}
 */
public final class ConvTranspose2d extends Convolving {
    private final Window window;
    private final long extra;

    private ConvTranspose2d(Tensor weight, Optional<Tensor> bias, Window window, long extra) {
        super(weight, bias);
        this.window = window;
        this.extra = extra;
    }

    /** From {@code in} to {@code out} channels with a square kernel, stride 1, no padding, bias. */
    public static ConvTranspose2d of(int in, int out, int kernel) {
        return drawn(in, out, kernel, Optional.of(Tensor.zeros(out)), Window.of(2, 1, 0, 1, 1), 0);
    }

    private static ConvTranspose2d drawn(
            long in, long perGroup, long kernel, Optional<Tensor> bias, Window window, long extra) {
        var layer = new ConvTranspose2d(Tensor.zeros(in, perGroup, kernel, kernel), bias, window, extra);
        layer.reset(Rng.of(0));
        return layer;
    }

    /** The same layer whose inputs lie {@code stride} positions apart in the output. */
    public ConvTranspose2d stride(int stride) {
        return window(stride, window.padding()[0], window.dilation()[0]);
    }

    /** The same layer with {@code padding} rows and columns taken away at each side of the output. */
    public ConvTranspose2d padding(int padding) {
        return window(window.stride()[0], padding, window.dilation()[0]);
    }

    /** The same layer with taps {@code dilation} positions apart. */
    public ConvTranspose2d dilation(int dilation) {
        return window(window.stride()[0], window.padding()[0], dilation);
    }

    private ConvTranspose2d window(long stride, long padding, long dilation) {
        return new ConvTranspose2d(weight, bias, Window.of(2, stride, padding, dilation, window.groups()), extra);
    }

    /** The same layer with as many more rows at the bottom and columns at the right; PyTorch's {@code output_padding}. */
    public ConvTranspose2d outputPadding(int extra) {
        return new ConvTranspose2d(weight, bias, window, extra);
    }

    /** A layer whose channels fall into separate groups; its weights are drawn anew. */
    public ConvTranspose2d groups(int groups) {
        long out = weight.size(1) * window.groups();
        checkGroups(weight.size(0), out, groups);
        var changed = new Window(window.stride(), window.padding(), window.dilation(), groups);
        return drawn(weight.size(0), out / groups, weight.size(2), bias, changed, extra);
    }

    /** The same layer without its bias. */
    public ConvTranspose2d noBias() {
        return new ConvTranspose2d(weight, Optional.empty(), window, extra);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(TransposedConvolution.apply2d(x, weight, bias, window, extra)); // [N, out, H', W']
    }
}
