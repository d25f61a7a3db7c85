package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Rectified linear unit that leaks: {@code y = x} where positive, else {@code slope * x}. @shape any, kept */
public final class LeakyReLU extends Module {
    private final double slope;

    private LeakyReLU(double slope) {
        this.slope = slope;
    }

    /** With the slope 0.01 below zero. */
    public static LeakyReLU of() {
        return new LeakyReLU(0.01);
    }

    /** The same with another slope below zero. */
    public LeakyReLU slope(double slope) {
        return new LeakyReLU(slope);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.leakyRelu(x, slope));
    }
}
