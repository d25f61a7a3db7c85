package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.Optional;

/** What linear layers and convolutions share: PyTorch's default initialisation, and the check of groups. */
final class Convolving {
    private Convolving() {}

    /** Weight and bias uniformly in ±1/sqrt(fan in). */
    static void reset(Tensor weight, Optional<Tensor> bias, Rng rng) {
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
