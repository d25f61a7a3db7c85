package espalier.vision.model;

import espalier.nn.Conv2d;
import espalier.nn.Module;
import espalier.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Channels scaled by what a small network makes of their means.
 *
 * @paper Hu, Shen and Sun 2018, "Squeeze-and-excitation networks", figure 2
 */
final class SqueezeExcitation extends Module {
    private final Conv2d fc1;
    private final Conv2d fc2;
    private final UnaryOperator<Tensor> activation;
    private final UnaryOperator<Tensor> gate;

    /** With the {@code activation} between its two layers and the {@code gate} behind them. */
    SqueezeExcitation(int channels, int squeezed, UnaryOperator<Tensor> activation, UnaryOperator<Tensor> gate) {
        fc1 = child("fc1", Conv2d.of(channels, squeezed, 1));
        fc2 = child("fc2", Conv2d.of(squeezed, channels, 1));
        this.activation = activation;
        this.gate = gate;
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor means = x.mean(true, 2, 3); // [N, C, 1, 1]
        Tensor scale = gate.apply(fc2.forward(activation.apply(fc1.forward(means)))); // [N, C, 1, 1]
        return seen(x.mul(scale));
    }
}
