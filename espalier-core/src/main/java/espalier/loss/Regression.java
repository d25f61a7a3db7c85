package espalier.loss;

import espalier.tensor.Tensor;

/**
 * A loss of numbers, by the difference between what was predicted and what is right. An item's loss is the mean over
 * its outputs.
 *
 * @param kind how the difference counts
 * @param width where Huber and smooth L1 turn from squares to lines, positive: PyTorch's {@code delta} and
 *     {@code beta}; the others ignore it
 */
public record Regression(Kind kind, double width) implements Loss {

    /** How a difference counts. */
    public enum Kind {
        /** {@code d² / 2} up to the width, then {@code width * (|d| - width / 2)}. */
        HUBER("huber"),
        /** {@code |d|}. */
        L1("l1"),
        /** {@code d²}. */
        MSE("mse"),
        /** {@code d² / (2 * width)} up to the width, then {@code |d| - width / 2}. */
        SMOOTH_L1("smooth_l1");

        private final String lossName;

        Kind(String lossName) {
            this.lossName = lossName;
        }
    }

    /** Checks the range. */
    public Regression {
        if (!(width > 0)) {
            throw new IllegalArgumentException("the width must be positive, received " + width + ".");
        }
    }

    static Regression of(Kind kind) {
        return new Regression(kind, 1);
    }

    /** The same with another {@link #width}. */
    public Regression width(double width) {
        return new Regression(kind, width);
    }

    @Override
    public String name() {
        return kind.lossName;
    }

    @Override
    public Tensor losses(Tensor scores, Tensor target) {
        Tensor precise = Activation.precise(scores);
        Tensor difference = precise.sub(Loss.like(name(), precise, target));
        return Loss.perItem(
                switch (kind) {
                    case L1 -> difference.abs();
                    case MSE -> difference.square();
                    case HUBER -> bent(difference.abs()).mul(width);
                    case SMOOTH_L1 -> bent(difference.abs());
                });
    }

    private Tensor bent(Tensor size) {
        Tensor square = size.square().mul(0.5 / width);
        return square.where(size.lt(width), size.sub(width / 2));
    }

    @Override
    public Activation activation() {
        return Activation.IDENTITY;
    }

    @Override
    public Tensor decode(Tensor probabilities) {
        return probabilities;
    }
}
