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
public final class Linear extends Convolving {
    private Linear(Tensor weight, Optional<Tensor> bias) {
        super(weight, bias);
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

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.linear(x, weight, bias)); // [..., out]
    }
}
