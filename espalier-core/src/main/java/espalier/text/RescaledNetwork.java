package espalier.text;

import espalier.nn.Module;
import espalier.tensor.Tensor;

/**
 * A network for quantities: its scores are taken for standard deviations from the mean and put into the unit of the data.
 *
 * @shape int64 {@code [N, T]} to {@code [N, K]}
 */
final class RescaledNetwork extends Module {
    private final Module network;
    private final Module output;

    /** @param output from scores to quantities */
    RescaledNetwork(Module network, Module output) {
        this.network = child("network", network);
        this.output = child("output", output);
    }

    /** The network without its units. */
    Module network() {
        return network;
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(output.forward(network.forward(x))); // [N, K]
    }
}
