package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/**
 * A way to draw the first values of a parameter, as {@code torch.nn.init}. The fans of a weight
 * {@code [out, in, ...]} are the values that make one output (in) and that one input goes to (out).
 *
 * <pre>{@code
 * Init.kaimingNormal().fanOut().apply(convolution.weight(), rng);
 * }</pre>
 */
public final class Init {
    private enum Kind {
        CONSTANT,
        NORMAL,
        UNIFORM,
        TRUNCATED_NORMAL,
        KAIMING_NORMAL,
        KAIMING_UNIFORM,
        XAVIER_NORMAL,
        XAVIER_UNIFORM,
        ORTHOGONAL
    }

    private final Kind kind;
    private final double first;
    private final double second;
    private final double gain;
    private final boolean fanOut;

    private Init(Kind kind, double first, double second, double gain, boolean fanOut) {
        this.kind = kind;
        this.first = first;
        this.second = second;
        this.gain = gain;
        this.fanOut = fanOut;
    }

    /** The same value everywhere. */
    public static Init constant(double value) {
        return new Init(Kind.CONSTANT, value, 0, 1, false);
    }

    /**
     * Normal with standard deviation {@code gain / sqrt(fan)}; the gain is sqrt(2), for ReLU, the fan is in.
     *
     * @paper He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", equation 10
     */
    public static Init kaimingNormal() {
        return new Init(Kind.KAIMING_NORMAL, 0, 0, Math.sqrt(2), false);
    }

    /** Uniform in ±{@code gain * sqrt(3 / fan)}; the gain is sqrt(2), for ReLU, the fan is in. */
    public static Init kaimingUniform() {
        return new Init(Kind.KAIMING_UNIFORM, 0, 0, Math.sqrt(2), false);
    }

    /** Normal values. */
    public static Init normal(double mean, double std) {
        return new Init(Kind.NORMAL, mean, std, 1, false);
    }

    /** Orthonormal rows, or columns where there are fewer; dimensions after the first count as one. */
    public static Init orthogonal() {
        return new Init(Kind.ORTHOGONAL, 0, 0, 1, false);
    }

    /** Normal values with mean 0, drawn again while they exceed two standard deviations. */
    public static Init truncatedNormal(double std) {
        return new Init(Kind.TRUNCATED_NORMAL, 0, std, 1, false);
    }

    /** Uniform values in {@code [from, to)}. */
    public static Init uniform(double from, double to) {
        return new Init(Kind.UNIFORM, from, to, 1, false);
    }

    /**
     * Normal with standard deviation {@code gain * sqrt(2 / (fan in + fan out))}; the gain is 1.
     *
     * @paper Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
     *     equation 16
     */
    public static Init xavierNormal() {
        return new Init(Kind.XAVIER_NORMAL, 0, 0, 1, false);
    }

    /** Uniform in ±{@code gain * sqrt(6 / (fan in + fan out))}; the gain is 1. */
    public static Init xavierUniform() {
        return new Init(Kind.XAVIER_UNIFORM, 0, 0, 1, false);
    }

    /** The same with another gain: 1 for linear layers and sigmoid, 5/3 for tanh, sqrt(2) for ReLU. */
    public Init gain(double gain) {
        return new Init(kind, first, second, gain, fanOut);
    }

    /** The same by the fan out, which keeps the size of gradients instead of values; of the Kaiming kinds only. */
    public Init fanOut() {
        return new Init(kind, first, second, gain, true);
    }

    /** Draws the values of {@code tensor}, in place, unseen by differentiation; gives the tensor. */
    public Tensor apply(Tensor tensor, Rng rng) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            switch (kind) {
                case CONSTANT -> tensor.fill_(first);
                case NORMAL -> tensor.normal_(first, second, rng);
                case UNIFORM -> tensor.uniform_(first, second, rng);
                case TRUNCATED_NORMAL -> truncated(tensor, rng);
                case KAIMING_NORMAL -> tensor.normal_(0, kaiming(tensor), rng);
                case KAIMING_UNIFORM -> uniform(tensor, Math.sqrt(3) * kaiming(tensor), rng);
                case XAVIER_NORMAL -> tensor.normal_(0, xavier(tensor), rng);
                case XAVIER_UNIFORM -> uniform(tensor, Math.sqrt(3) * xavier(tensor), rng);
                case ORTHOGONAL -> orthogonal(tensor, rng);
            }
        }
        return tensor;
    }

    /** The number of values that make one output: sizes after the first multiplied. */
    static long fanIn(Tensor weight) {
        checkMatrix(weight);
        return Math.max(1, weight.numel() / Math.max(1, weight.size(0)));
    }

    private static long fanOut(Tensor weight) {
        checkMatrix(weight);
        return Math.max(1, weight.numel() / Math.max(1, weight.size(1)));
    }

    private static void checkMatrix(Tensor weight) {
        if (weight.dim() < 2) {
            throw new ShapeException("an initialiser with fans needs a weight of two dimensions or more,"
                    + " received shape " + weight.shape() + ". Maybe it is a bias: use Init.constant(0).");
        }
    }

    private double kaiming(Tensor tensor) {
        return gain / Math.sqrt(fanOut ? fanOut(tensor) : fanIn(tensor));
    }

    private double xavier(Tensor tensor) {
        return gain * Math.sqrt(2.0 / (fanIn(tensor) + fanOut(tensor)));
    }

    private static void uniform(Tensor tensor, double bound, Rng rng) {
        tensor.uniform_(-bound, bound, rng);
    }

    private void truncated(Tensor tensor, Rng rng) {
        double[] values = new double[Math.toIntExact(tensor.numel())];
        for (int i = 0; i < values.length; i++) {
            double drawn = rng.normal();
            while (Math.abs(drawn) > 2) {
                drawn = rng.normal();
            }
            values[i] = second * drawn;
        }
        tensor.copy_(Tensor.of(values, tensor.shape().sizes()));
    }

    private void orthogonal(Tensor tensor, Rng rng) {
        var svd = Tensor.randn(rng, tensor.size(0), fanIn(tensor)).svd();
        tensor.copy_(
                svd.u().matmul(svd.v().t()).mul(gain).reshape(tensor.shape().sizes()));
    }
}
