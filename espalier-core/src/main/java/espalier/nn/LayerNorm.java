package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Tensor;
import java.util.Optional;

/**
 * Layer normalisation: {@code y = (x - mean) / sqrt(var + eps) * weight + bias}, with mean and variance over the last
 * dimensions of each item, the same in training and evaluation.
 *
 * @paper Ba, Kiros and Hinton 2016, "Layer normalization"
 * @shape {@code [..., sizes]}, kept; weight and bias {@code [sizes]}
 */
public final class LayerNorm extends Module {
    private final long[] sizes;
    private final Optional<Tensor> weight;
    private final Optional<Tensor> bias;
    private final double eps;

    private LayerNorm(long[] sizes, Optional<Tensor> weight, Optional<Tensor> bias, double eps) {
        this.sizes = sizes;
        this.weight = weight.map(value -> parameter("weight", value));
        this.bias = bias.map(value -> parameter("bias", value));
        this.eps = eps;
    }

    /** Over the last dimensions, which have the given sizes; eps 1e-5. */
    public static LayerNorm of(long... sizes) {
        return new LayerNorm(sizes.clone(), Optional.of(Tensor.ones(sizes)), Optional.of(Tensor.zeros(sizes)), 1e-5);
    }

    /** The same layer with another number added to the variance. */
    public LayerNorm eps(double eps) {
        return new LayerNorm(sizes, weight, bias, eps);
    }

    /** The same layer without weight and bias. */
    public LayerNorm noAffine() {
        return new LayerNorm(sizes, Optional.empty(), Optional.empty(), eps);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.layerNorm(x, sizes, weight, bias, eps));
    }

    @Override
    protected void resetParameters(Rng rng) {
        try (var off = Grad.off()) {
            weight.ifPresent(value -> value.fill_(1));
            bias.ifPresent(Tensor::zero_);
        }
    }
}
