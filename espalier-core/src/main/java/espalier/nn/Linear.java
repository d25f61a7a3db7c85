package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import java.util.Optional;

/**
 * A linear map: {@code y = x Wᵀ + b}. Starts uniformly in ±1/sqrt(in), as PyTorch's.
 *
 * @shape {@code [..., in]} to {@code [..., out]}; weight {@code [out, in]}, bias {@code [out]}
 */
public final class Linear extends Module {
    private final Tensor weight;
    private final Optional<Tensor> bias;

    private Linear(Tensor weight, Optional<Tensor> bias) {
        this.weight = parameter("weight", weight);
        this.bias = bias.map(value -> parameter("bias", value));
    }

    /** A layer with bias from {@code in} to {@code out} features. */
    public static Linear of(int in, int out) {
        var layer = new Linear(Tensor.zeros(out, in), Optional.of(Tensor.zeros(out)));
        layer.reset(Rng.of(0));
        return layer;
    }

    /** The same layer without its bias. */
    public Linear noBias() {
        return new Linear(weight, Optional.empty());
    }

    /** The weight, {@code [out, in]}. */
    public Tensor weight() {
        return weight;
    }

    /** The bias, {@code [out]}, if the layer has one. */
    public Optional<Tensor> bias() {
        return bias;
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.linear(x, weight, bias)); // [..., out]
    }

    @Override
    protected void resetParameters(Rng rng) {
        Convolving.reset(weight, bias, rng);
    }
}
