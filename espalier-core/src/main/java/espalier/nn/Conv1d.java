package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Window;
import espalier.tensor.Tensor;
import java.util.Optional;

/**
 * Convolution over sequences: each output is the sum over channels and taps of weight times input, plus bias. Starts
 * uniformly in ±1/sqrt(fan in), as PyTorch's.
 *
 * @shape {@code [N, in, T]} to {@code [N, out, T']}; weight {@code [out, in / groups, kernel]}, bias {@code [out]}
 */
public final class Conv1d extends Convolving {
    private final Window window;

    private Conv1d(Tensor weight, Optional<Tensor> bias, Window window) {
        super(weight, bias);
        this.window = window;
    }

    /** From {@code in} to {@code out} channels with a kernel of {@code kernel} taps, stride 1, no padding, bias. */
    public static Conv1d of(int in, int out, int kernel) {
        var layer = new Conv1d(Tensor.zeros(out, in, kernel), Optional.of(Tensor.zeros(out)), Window.of(1, 1, 0, 1, 1));
        layer.reset(Rng.of(0));
        return layer;
    }

    /** The same layer with an output every {@code stride} positions. */
    public Conv1d stride(int stride) {
        return window(stride, window.padding()[0], window.dilation()[0]);
    }

    /** The same layer with {@code padding} zeros added at each end. */
    public Conv1d padding(int padding) {
        return window(window.stride()[0], padding, window.dilation()[0]);
    }

    /** The same layer with taps {@code dilation} positions apart. */
    public Conv1d dilation(int dilation) {
        return window(window.stride()[0], window.padding()[0], dilation);
    }

    private Conv1d window(long stride, long padding, long dilation) {
        return new Conv1d(weight, bias, Window.of(1, stride, padding, dilation, window.groups()));
    }

    /** A layer whose channels fall into separate groups; its weights are drawn anew. */
    public Conv1d groups(int groups) {
        checkGroups(weight.size(1) * window.groups(), weight.size(0), groups);
        long in = weight.size(1) * window.groups() / groups;
        var changed = new Window(window.stride(), window.padding(), window.dilation(), groups);
        var layer = new Conv1d(Tensor.zeros(weight.size(0), in, weight.size(2)), bias, changed);
        layer.reset(Rng.of(0));
        return layer;
    }

    /** The same layer without its bias. */
    public Conv1d noBias() {
        return new Conv1d(weight, Optional.empty(), window);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.conv1d(x, weight, bias, window)); // [N, out, T']
    }
}
