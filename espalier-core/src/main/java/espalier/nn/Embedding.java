package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;

/**
 * A table of learned vectors: {@code y = weight[x]}. Starts standard normal, as PyTorch's.
 *
 * @shape int64 {@code [...]} to {@code [..., dim]}; weight {@code [count, dim]}
 */
public final class Embedding extends Module {
    private final Tensor weight;
    private final int paddingIndex;

    private Embedding(Tensor weight, int paddingIndex) {
        this.weight = parameter("weight", weight);
        this.paddingIndex = paddingIndex;
    }

    /** {@code count} vectors of {@code dim} numbers. */
    public static Embedding of(int count, int dim) {
        var layer = new Embedding(Tensor.zeros(count, dim), -1);
        layer.reset(Rng.of(0));
        return layer;
    }

    /** The same with a row that means padding: it is zero and gets no gradient. */
    public Embedding paddingIndex(int index) {
        if (index < 0 || index >= weight.size(0)) {
            throw new IllegalArgumentException(
                    "the padding index must be 0 to " + (weight.size(0) - 1) + ", received " + index + ".");
        }
        var layer = new Embedding(weight, index);
        layer.clearPadding();
        return layer;
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.embedding(x, weight, paddingIndex)); // [..., dim]
    }

    @Override
    protected void resetParameters(Rng rng) {
        try (var off = Grad.off()) {
            weight.normal_(0, 1, rng);
        }
        clearPadding();
    }

    private void clearPadding() {
        if (paddingIndex >= 0) {
            try (var scope = Scope.open();
                    var off = Grad.off()) {
                weight.select(0, paddingIndex).zero_();
            }
        }
    }
}
