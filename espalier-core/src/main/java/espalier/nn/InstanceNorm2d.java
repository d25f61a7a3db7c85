package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.Optional;

/**
 * Instance normalisation: {@code y = (x - mean) / sqrt(var + eps)}, with mean and variance over each feature map of each
 * item, the same in training and evaluation. As PyTorch's it has no weight and bias unless it is told to, and keeps no
 * running statistics.
 *
 * @paper Ulyanov, Vedaldi and Lempitsky 2016, "Instance normalization: the missing ingredient for fast stylization"
 * @shape {@code [N, C, H, W]}, kept; weight and bias {@code [C]}
 */
public final class InstanceNorm2d extends Module {
    private final int channels;
    private final Optional<Tensor> weight;
    private final Optional<Tensor> bias;
    private final double eps;

    private InstanceNorm2d(int channels, Optional<Tensor> weight, Optional<Tensor> bias, double eps) {
        this.channels = channels;
        this.weight = weight.map(value -> parameter("weight", value));
        this.bias = bias.map(value -> parameter("bias", value));
        this.eps = eps;
    }

    /** For {@code channels} channels; eps 1e-5. */
    public static InstanceNorm2d of(int channels) {
        return new InstanceNorm2d(channels, Optional.empty(), Optional.empty(), 1e-5);
    }

    /** The same layer with another number added to the variance. */
    public InstanceNorm2d eps(double eps) {
        return new InstanceNorm2d(channels, weight, bias, eps);
    }

    /** The same layer with a weight and a bias for each channel. */
    public InstanceNorm2d affine() {
        var ones = Optional.of(Tensor.ones(channels));
        return new InstanceNorm2d(channels, ones, Optional.of(Tensor.zeros(channels)), eps);
    }

    @Override
    public Tensor forward(Tensor x) {
        checkChannels(x);
        long[] map = {x.size(2), x.size(3)};
        Tensor y = Functional.layerNorm(x, map, Optional.empty(), Optional.empty(), eps); // [N, C, H, W]
        if (weight.isPresent() && bias.isPresent()) {
            y = y.mul(weight.get().reshape(-1, 1, 1)).add(bias.get().reshape(-1, 1, 1));
        }
        return seen(y);
    }

    private void checkChannels(Tensor x) {
        if (x.dim() != 4 || x.size(1) != channels) {
            throw new ShapeException("InstanceNorm2d: expected [N, " + channels + ", H, W], received shape " + x.shape()
                    + ". Maybe the batch dimension is missing.");
        }
    }

    @Override
    protected void resetParameters(Rng rng) {
        try (var off = Grad.off()) {
            weight.ifPresent(value -> value.fill_(1));
            bias.ifPresent(Tensor::zero_);
        }
    }
}
