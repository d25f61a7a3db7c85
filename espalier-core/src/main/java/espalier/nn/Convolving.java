package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.Optional;

/** What linear layers and convolutions share: a weight, maybe a bias, and PyTorch's default initialisation of them. */
abstract class Convolving extends Module {
    final Tensor weight;
    final Optional<Tensor> bias;

    Convolving(Tensor weight, Optional<Tensor> bias) {
        this.weight = parameter("weight", weight);
        this.bias = bias.map(value -> parameter("bias", value));
    }

    /** The weight, of the shape that is told above. */
    public final Tensor weight() {
        return weight;
    }

    /** The bias, {@code [out]}, if the layer has one. */
    public final Optional<Tensor> bias() {
        return bias;
    }

    /** Weight and bias uniformly in ±1/sqrt(fan in). */
    @Override
    protected final void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(Init.fanIn(weight));
        var uniform = Init.uniform(-bound, bound);
        uniform.apply(weight, rng);
        bias.ifPresent(value -> uniform.apply(value, rng));
    }

    static void checkGroups(long in, long out, int groups) {
        if (groups < 1 || in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException("groups must divide the channels: received " + groups + " groups for "
                    + in + " channels in and " + out + " out.");
        }
    }
}
