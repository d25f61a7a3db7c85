package espalier.tensor;

import espalier.format.DType;
import espalier.rng.Rng;
import java.util.Optional;
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
        if (ReducedPrecision.slowsDown(x, weight, window)) {
            DType reduced = Grad.autocast(Device.cpu());
            try (var full = Grad.autocast(DType.FLOAT32)) {
                return conv2d(x.to(DType.FLOAT32), weight, bias, window).to(reduced);
            }
        }
        return Native.call(
                "conv2d",
                () -> torch.conv2d(
                        x.raw(),
                        weight.raw(),
                        Native.optional(bias.orElse(null)),
                        window.stride(),
                        window.padding(),
                        window.dilation(),
                        window.groups()),
                window);
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
                        window.groups()),
                window);
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
                        Native.optional(state.weight().orElse(null)),
                        Native.optional(state.bias().orElse(null)),
                        Native.optional(state.runningMean()),
                        Native.optional(state.runningVar()),
                        training,
                        state.momentum(),
                        state.eps(),
                        true),
                training,
                state.eps());
    }

    /**
     * What batch normalisation works with; see PyTorch's {@code BatchNorm2d}.
     *
     * @param weight scale, {@code [C]}; empty for 1
     * @param bias shift, {@code [C]}; empty for 0
     * @param runningMean moved in training by {@code momentum}
     * @param runningVar moved in training by {@code momentum}
     * @param momentum weight of the new statistics, 0.1 in PyTorch
     * @param eps added to the variance
     */
    public record BatchNormState(
            Optional<Tensor> weight,
            Optional<Tensor> bias,
            Tensor runningMean,
            Tensor runningVar,
            double momentum,
            double eps) {}

    /**
     * Normalises over the last dimensions.
     *
     * @shape sizes are the last sizes of x; weight and bias have that shape
     * @throws ShapeException when x ends with other sizes
     */
    public static Tensor layerNorm(Tensor x, long[] sizes, Optional<Tensor> weight, Optional<Tensor> bias, double eps) {
        for (int i = 1; i <= sizes.length; i++) {
            Operands.size("layerNorm", x, -i, sizes[sizes.length - i], "features");
        }
        return Native.call(
                "layerNorm",
                () -> torch.layer_norm(
                        x.raw(),
                        sizes,
                        Native.optional(weight.orElse(null)),
                        Native.optional(bias.orElse(null)),
                        eps,
                        true),
                sizes,
                eps);
    }

    /** Normalises over groups of channels. @shape x {@code [N, C, ...]}, weight and bias {@code [C]} */
    public static Tensor groupNorm(Tensor x, long groups, Tensor weight, Tensor bias, double eps) {
        Operands.size("groupNorm", x, 1, weight.numel(), "channels");
        return Native.call(
                "groupNorm",
                () -> torch.group_norm(x.raw(), groups, Native.optional(weight), Native.optional(bias), eps, true),
                groups,
                eps);
    }

    /** Zeroes each element with probability {@code p} and scales the others by {@code 1 / (1 - p)}. */
    public static Tensor dropout(Tensor x, double p, Rng rng) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException(
                    "dropout: p must be in [0, 1), received " + p + ". Maybe it is in percent.");
        }
        if (p == 0) {
            return x;
        }
        var mask = Tensor.empty(DType.FLOAT32, x.device(), x.shape().sizes())
                .bernoulli_(1 - p, rng)
                .div_(1 - p);
        return x.mul(mask.to(x.dtype()));
    }

    // ---- activations

    /** Softmax along {@code dim}. */
    public static Tensor softmax(Tensor x, int dim) {
        int axis = Operands.axis("softmax", x, dim);
        return Native.call("softmax", () -> torch.softmax(x.raw(), axis), axis);
    }

    /** Logarithm of softmax along {@code dim}. */
    public static Tensor logSoftmax(Tensor x, int dim) {
        int axis = Operands.axis("logSoftmax", x, dim);
        return Native.call("logSoftmax", () -> torch.log_softmax(x.raw(), axis), axis);
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
        return Native.call("leakyRelu", () -> torch.leaky_relu(x.raw(), Native.scalar(slope)));
    }

    /** {@code x * sigmoid(x)}. */
    public static Tensor silu(Tensor x) {
        return Native.call("silu", () -> torch.silu(x.raw()));
    }

    /** {@link #silu(Tensor)} that may overwrite {@code x}, as {@code inplace=True} of PyTorch. */
    public static Tensor silu_(Tensor x) {
        return Native.inPlace("silu_", x, () -> torch.silu_(x.raw()));
    }

    /** {@code x * relu6(x + 3) / 6}. */
    public static Tensor hardswish(Tensor x) {
        return Native.call("hardswish", () -> torch.hardswish(x.raw()));
    }

    /** {@code relu6(x + 3) / 6}. */
    public static Tensor hardsigmoid(Tensor x) {
        return Native.call("hardsigmoid", () -> torch.hardsigmoid(x.raw()));
    }

    /** {@code x Φ(x)}, exact. */
    public static Tensor gelu(Tensor x) {
        return Native.call("gelu", () -> torch.gelu(x.raw()));
    }

    /** {@code x Φ(x)} with Φ approximated by a hyperbolic tangent. */
    public static Tensor geluTanh(Tensor x) {
        return Native.call("geluTanh", () -> torch.gelu(x.raw(), "tanh"));
    }

    /** {@code x} where positive, else {@code alpha * (exp(x) - 1)}. */
    public static Tensor elu(Tensor x, double alpha) {
        return Native.call("elu", () -> torch.elu(x.raw(), Native.scalar(alpha), new Scalar(1.0), new Scalar(1.0)));
    }

    /** {@code x * tanh(softplus(x))}. */
    public static Tensor mish(Tensor x) {
        return Native.call("mish", () -> torch.mish(x.raw()));
    }

    /** {@code log(sigmoid(x))}. */
    public static Tensor logSigmoid(Tensor x) {
        return Native.call("logSigmoid", () -> torch.log_sigmoid(x.raw()));
    }

    /** {@code log(1 + exp(x))}. */
    public static Tensor softplus(Tensor x) {
        return Native.call("softplus", () -> torch.softplus(x.raw()));
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
        return Native.call(
                "pad",
                () -> switch (mode) {
                    case ZEROS -> torch.constant_pad_nd(x.raw(), sides, new Scalar(0.0));
                    case BORDER -> torch.replication_pad2d(x.raw(), sides);
                    case REFLECTION -> torch.reflection_pad2d(x.raw(), sides);
                },
                sides,
                mode);
    }

    /**
     * Adds {@code value} at both sides of the last dimensions; negative sides take away.
     *
     * @param sides for the last dimension before and after, then for the one before it, and so on, as PyTorch
     */
    public static Tensor padConstant(Tensor x, double value, long... sides) {
        return Native.call("padConstant", () -> torch.constant_pad_nd(x.raw(), sides, new Scalar(value)), sides, value);
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
        return Interpolation.sampled(x, grid, 0, mode, alignCorners);
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

    // ---- embedding

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
}
