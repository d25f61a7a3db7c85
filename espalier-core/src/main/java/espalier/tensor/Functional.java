package espalier.tensor;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/**
 * The functions that layers are made of, as {@code torch.nn.functional}. Weights are laid out as in PyTorch.
 */
public final class Functional {
    private Functional() {}

    // ---- products and convolutions

    /**
     * {@code x Wᵀ + b}.
     *
     * @shape x {@code [..., in]}, weight {@code [out, in]}, bias {@code [out]}; gives {@code [..., out]}
     */
    public static Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
        Operands.size("linear", x, -1, weight.size(1), "features");
        return Native.call("linear", () -> torch.linear(x.raw(), weight.raw(), Native.optional(bias.orElse(null))));
    }

    /**
     * How a convolution moves over its input; sizes are (height, width), for 1d (length).
     *
     * @param stride positions between two outputs
     * @param padding zeros added at each side
     * @param dilation positions between two taps of the kernel
     * @param groups separate groups of channels; as many as channels: depthwise
     */
    public record Window(long[] stride, long[] padding, long[] dilation, long groups) {
        /** A window of one stride, padding and dilation for all dimensions. */
        public static Window of(int dims, long stride, long padding, long dilation, long groups) {
            return new Window(repeat(dims, stride), repeat(dims, padding), repeat(dims, dilation), groups);
        }

        private static long[] repeat(int dims, long value) {
            long[] values = new long[dims];
            java.util.Arrays.fill(values, value);
            return values;
        }
    }

    /**
     * Convolution over pictures.
     *
     * @shape x {@code [N, C, H, W]}, weight {@code [out, C / groups, kh, kw]}, bias {@code [out]}
     */
    public static Tensor conv2d(Tensor x, Tensor weight, Optional<Tensor> bias, Window window) {
        Operands.dims("conv2d", x, 4, "[N, C, H, W]");
        Operands.size("conv2d", x, 1, weight.size(1) * window.groups(), "channels");
        return Native.call(
                "conv2d",
                () -> torch.conv2d(
                        x.raw(),
                        weight.raw(),
                        Native.optional(bias.orElse(null)),
                        window.stride(),
                        window.padding(),
                        window.dilation(),
                        window.groups()));
    }

    /**
     * Convolution over sequences.
     *
     * @shape x {@code [N, C, T]}, weight {@code [out, C / groups, k]}, bias {@code [out]}
     */
    public static Tensor conv1d(Tensor x, Tensor weight, Optional<Tensor> bias, Window window) {
        Operands.dims("conv1d", x, 3, "[N, C, T]");
        Operands.size("conv1d", x, 1, weight.size(1) * window.groups(), "channels");
        return Native.call(
                "conv1d",
                () -> torch.conv1d(
                        x.raw(),
                        weight.raw(),
                        Native.optional(bias.orElse(null)),
                        window.stride(),
                        window.padding(),
                        window.dilation(),
                        window.groups()));
    }

    // ---- normalisation

    /**
     * Batch normalisation: by the batch's own statistics in training (which also move the running ones), by the
     * running ones otherwise.
     *
     * @shape x {@code [N, C, ...]}, all others {@code [C]}
     * @throws ShapeException in training with one value a channel, which has no variance
     */
    public static Tensor batchNorm(Tensor x, BatchNormState state, boolean training) {
        Operands.size("batchNorm", x, 1, state.runningMean().numel(), "channels");
        if (training && x.numel() == x.size(1)) {
            throw new ShapeException("batchNorm: expected more than one value per channel in training, received shape "
                    + x.shape() + ". Maybe the last batch has a single item: drop it, or change the batch size.");
        }
        return Native.call(
                "batchNorm",
                () -> torch.batch_norm(
                        x.raw(),
                        Native.optional(state.weight()),
                        Native.optional(state.bias()),
                        Native.optional(state.runningMean()),
                        Native.optional(state.runningVar()),
                        training,
                        state.momentum(),
                        state.eps(),
                        true));
    }

    /**
     * What batch normalisation works with; see PyTorch's {@code BatchNorm2d}.
     *
     * @param weight scale, {@code [C]}
     * @param bias shift, {@code [C]}
     * @param runningMean moved in training by {@code momentum}
     * @param runningVar moved in training by {@code momentum}
     * @param momentum weight of the new statistics, 0.1 in PyTorch
     * @param eps added to the variance
     */
    public record BatchNormState(
            Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVar, double momentum, double eps) {}

    /**
     * Normalises over the last dimensions.
     *
     * @shape weight and bias have the shape of the normalised dimensions
     */
    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        long[] sizes = weight.shape().sizes();
        return Native.call(
                "layerNorm",
                () -> torch.layer_norm(x.raw(), sizes, Native.optional(weight), Native.optional(bias), eps, true));
    }

    /** Normalises over groups of channels. @shape x {@code [N, C, ...]}, weight and bias {@code [C]} */
    public static Tensor groupNorm(Tensor x, long groups, Tensor weight, Tensor bias, double eps) {
        return Native.call(
                "groupNorm",
                () -> torch.group_norm(x.raw(), groups, Native.optional(weight), Native.optional(bias), eps, true));
    }

    /** Zeroes each element with probability {@code p} and scales the others by {@code 1 / (1 - p)}. */
    public static Tensor dropout(Tensor x, double p, Rng rng) {
        if (p < 0 || p >= 1) {
            throw new IllegalArgumentException("dropout: p must be in [0, 1), received " + p + ".");
        }
        if (p == 0) {
            return x;
        }
        var mask = Tensor.empty(DType.FLOAT32, x.shape().sizes())
                .bernoulli_(1 - p, rng)
                .div_(1 - p);
        return x.mul(mask.to(x.dtype()));
    }

    // ---- activations

    /** Softmax along {@code dim}. */
    public static Tensor softmax(Tensor x, int dim) {
        int axis = Operands.axis("softmax", x, dim);
        return Native.call("softmax", () -> torch.softmax(x.raw(), axis));
    }

    /** Logarithm of softmax along {@code dim}. */
    public static Tensor logSoftmax(Tensor x, int dim) {
        int axis = Operands.axis("logSoftmax", x, dim);
        return Native.call("logSoftmax", () -> torch.log_softmax(x.raw(), axis));
    }

    /** {@code min(max(x, 0), 6)}. */
    public static Tensor relu6(Tensor x) {
        return Native.call("relu6", () -> torch.hardtanh(x.raw(), new Scalar(0.0), new Scalar(6.0)));
    }

    /** {@link #relu6(Tensor)} that may overwrite {@code x}, as {@code inplace=True} of PyTorch. */
    public static Tensor relu6_(Tensor x) {
        return Native.inPlace("relu6_", x, () -> torch.hardtanh_(x.raw(), new Scalar(0.0), new Scalar(6.0)));
    }

    /** {@code x} where positive, else {@code slope * x}. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Native.call("leakyRelu", () -> torch.leaky_relu(x.raw(), new Scalar(slope)));
    }

    /** {@code x * sigmoid(x)}. */
    public static Tensor silu(Tensor x) {
        return Native.call("silu", () -> torch.silu(x.raw()));
    }

    /** {@code x * relu6(x + 3) / 6}. */
    public static Tensor hardswish(Tensor x) {
        return Native.call("hardswish", () -> torch.hardswish(x.raw()));
    }

    /** {@code x Φ(x)}, exact. */
    public static Tensor gelu(Tensor x) {
        return Native.call("gelu", () -> torch.gelu(x.raw()));
    }

    /** {@code log(1 + exp(x))}. */
    public static Tensor softplus(Tensor x) {
        return Native.call("softplus", () -> torch.softplus(x.raw()));
    }

    // ---- pooling

    /** The largest value of each window. @shape x {@code [N, C, H, W]} */
    public static Tensor maxPool2d(Tensor x, long kernel, long stride, long padding) {
        Operands.dims("maxPool2d", x, 4, "[N, C, H, W]");
        long[] ones = {1, 1};
        return Native.call(
                "maxPool2d", () -> torch.max_pool2d(x.raw(), pair(kernel), pair(stride), pair(padding), ones, false));
    }

    /** The mean of each window, padding counted. @shape x {@code [N, C, H, W]} */
    public static Tensor avgPool2d(Tensor x, long kernel, long stride, long padding) {
        Operands.dims("avgPool2d", x, 4, "[N, C, H, W]");
        return Native.call(
                "avgPool2d",
                () -> torch.avg_pool2d(
                        x.raw(), pair(kernel), pair(stride), pair(padding), false, true, new LongOptional()));
    }

    /** The largest value of each window. @shape x {@code [N, C, T]} */
    public static Tensor maxPool1d(Tensor x, long kernel, long stride, long padding) {
        Operands.dims("maxPool1d", x, 3, "[N, C, T]");
        return Native.call(
                "maxPool1d", () -> torch.max_pool1d(x.raw(), one(kernel), one(stride), one(padding), one(1), false));
    }

    /** The mean of each window, padding counted. @shape x {@code [N, C, T]} */
    public static Tensor avgPool1d(Tensor x, long kernel, long stride, long padding) {
        Operands.dims("avgPool1d", x, 3, "[N, C, T]");
        return Native.call(
                "avgPool1d", () -> torch.avg_pool1d(x.raw(), one(kernel), one(stride), one(padding), false, true));
    }

    /** Means over a grid of windows that gives {@code [N, C, height, width]}. */
    public static Tensor adaptiveAvgPool2d(Tensor x, long height, long width) {
        Operands.dims("adaptiveAvgPool2d", x, 4, "[N, C, H, W]");
        return Native.call("adaptiveAvgPool2d", () -> torch.adaptive_avg_pool2d(x.raw(), height, width));
    }

    /** Largest values over a grid of windows that gives {@code [N, C, height, width]}. */
    public static Tensor adaptiveMaxPool2d(Tensor x, long height, long width) {
        Operands.dims("adaptiveMaxPool2d", x, 4, "[N, C, H, W]");
        return Native.run(
                "adaptiveMaxPool2d",
                () -> Native.takeCopy(
                        torch.adaptive_max_pool2d(x.raw(), height, width).get0()));
    }

    // ---- padding, resizing, sampling

    /** How what lies outside a picture is filled. */
    public enum Padding {
        /** With 0. */
        ZEROS,
        /** With the nearest border value. */
        BORDER,
        /** As if mirrored at the border, which is not repeated. */
        REFLECTION
    }

    /** Adds rows and columns around pictures. @shape x {@code [N, C, H, W]} */
    public static Tensor pad(Tensor x, long left, long right, long top, long bottom, Padding mode) {
        long[] sides = {left, right, top, bottom};
        return Native.call("pad", () -> switch (mode) {
            case ZEROS -> torch.constant_pad_nd(x.raw(), sides, new Scalar(0.0));
            case BORDER -> torch.replication_pad2d(x.raw(), sides);
            case REFLECTION -> torch.reflection_pad2d(x.raw(), sides);
        });
    }

    /** Bilinear resizing without antialias and with corners not aligned, PyTorch's default. @shape x {@code [N, C, H, W]} */
    public static Tensor interpolateBilinear(Tensor x, long height, long width) {
        Operands.dims("interpolate", x, 4, "[N, C, H, W]");
        return Native.call("interpolate", () -> torch.upsample_bilinear2d(x.raw(), new long[] {height, width}, false));
    }

    /**
     * Sampling positions of affine maps, corners aligned when {@code alignCorners}.
     *
     * @shape theta {@code [N, 2, 3]}; gives {@code [N, H, W, 2]} of (x, y) in -1 to 1
     */
    public static Tensor affineGrid(Tensor theta, long height, long width, boolean alignCorners) {
        long[] size = {theta.size(0), 1, height, width};
        return Native.call("affineGrid", () -> torch.affine_grid_generator(theta.raw(), size, alignCorners));
    }

    /**
     * Bilinear samples of pictures at the positions of a grid.
     *
     * @shape x {@code [N, C, H, W]}, grid {@code [N, h, w, 2]}; gives {@code [N, C, h, w]}
     */
    public static Tensor gridSample(Tensor x, Tensor grid, Padding mode, boolean alignCorners) {
        Operands.dims("gridSample", x, 4, "[N, C, H, W]");
        Operands.size("gridSample", grid, 0, x.size(0), "grids");
        return Native.call(
                "gridSample", () -> torch.grid_sampler(x.raw(), grid.raw(), 0, mode.ordinal(), alignCorners));
    }

    // ---- losses

    /** What a loss gives back. */
    public enum Reduction {
        /** The loss of each item. */
        NONE,
        /** The (weighted) mean, a scalar. */
        MEAN,
        /** The sum, a scalar. */
        SUM
    }

    /**
     * Cross entropy of scores against class indices, with class weights and label smoothing as in PyTorch.
     *
     * @shape scores {@code [N, K]}, target {@code [N]} int64, weight {@code [K]}
     */
    public static Tensor crossEntropy(
            Tensor scores, Tensor target, Optional<Tensor> weight, Reduction reduction, double labelSmoothing) {
        Operands.indices("crossEntropy", target);
        Operands.size("crossEntropy", target, 0, scores.size(0), "targets");
        return Native.call(
                "crossEntropy",
                () -> torch.cross_entropy_loss(
                        scores.raw(),
                        target.raw(),
                        Native.optional(weight.orElse(null)),
                        reduction.ordinal(),
                        -100,
                        labelSmoothing));
    }

    /**
     * Binary cross entropy of scores before the sigmoid.
     *
     * @shape scores and target {@code [N, K]}, weight of the positive answers {@code [K]}
     */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor scores, Tensor target, Optional<Tensor> positiveWeight, Reduction reduction) {
        Operands.check("binaryCrossEntropyWithLogits", scores, target);
        return Native.call(
                "binaryCrossEntropyWithLogits",
                () -> torch.binary_cross_entropy_with_logits(
                        scores.raw(),
                        target.raw(),
                        Native.optional(null),
                        Native.optional(positiveWeight.orElse(null)),
                        reduction.ordinal()));
    }

    // ---- embedding and recurrence

    /**
     * Rows of a table. The row {@code paddingIndex} gets no gradient; -1 for none.
     *
     * @shape indices {@code [...]} int64, weight {@code [rows, D]}; gives {@code [..., D]}
     */
    public static Tensor embedding(Tensor indices, Tensor weight, long paddingIndex) {
        Operands.indices("embedding", indices);
        return Native.call("embedding", () -> torch.embedding(weight.raw(), indices.raw(), paddingIndex, false, false));
    }

    /** One column a class, 1 where the index says so, int64. @shape indices {@code [...]}; gives {@code [..., classes]} */
    public static Tensor oneHot(Tensor indices, long classes) {
        Operands.indices("oneHot", indices);
        return Native.call("oneHot", () -> torch.one_hot(indices.raw(), classes));
    }

    /** The kinds of recurrent cell. */
    public enum Cell {
        /** Elman's cell with tanh. */
        RNN,
        /** Long short-term memory. */
        LSTM,
        /** Gated recurrent unit. */
        GRU
    }

    /**
     * What a recurrent network gives.
     *
     * @param output the last layer's hidden states, {@code [N, T, directions * D]}; for packed input its packed form
     * @param hidden the last hidden state of each layer and direction, {@code [layers * directions, N, D]}
     * @param cell the last cell state, for LSTM
     */
    public record RecurrentOutput(Tensor output, Tensor hidden, Optional<Tensor> cell) {}

    /**
     * How a recurrent network is built.
     *
     * @param cell the kind of cell
     * @param layers how many are stacked
     * @param bidirectional whether a second one reads from the end
     */
    public record RecurrentShape(Cell cell, int layers, boolean bidirectional) {}

    /**
     * A stack of recurrent layers over a batch, batch first, without dropout between layers.
     *
     * @shape x {@code [N, T, D]}; states {@code [layers * directions, N, D]}
     * @param states h, and for LSTM c
     * @param weights in PyTorch's order: for each layer and direction weight_ih, weight_hh, bias_ih, bias_hh
     */
    public static RecurrentOutput recurrent(Tensor x, List<Tensor> states, List<Tensor> weights, RecurrentShape shape) {
        Operands.dims("recurrent", x, 3, "[N, T, D]");
        return Recurrent.padded(x, states, weights, shape);
    }

    /**
     * The same over sequences of different lengths, longest first, without computing the padding.
     *
     * @shape x {@code [N, T, D]}, lengths {@code [N]} int64 on the CPU, falling; gives output {@code [N, T, D']} with
     *     zeros behind each sequence's end
     */
    public static RecurrentOutput recurrentPacked(
            Tensor x, Tensor lengths, List<Tensor> states, List<Tensor> weights, RecurrentShape shape) {
        Operands.dims("recurrent", x, 3, "[N, T, D]");
        Operands.size("recurrent", lengths, 0, x.size(0), "lengths");
        return Recurrent.packed(x, lengths, states, weights, shape);
    }

    private static long[] pair(long value) {
        return new long[] {value, value};
    }

    private static long[] one(long value) {
        return new long[] {value};
    }
}
