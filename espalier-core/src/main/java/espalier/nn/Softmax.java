package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Softmax: {@code y = exp(x) / sum(exp(x))} along one dimension. @shape any, kept */
public final class Softmax extends Module {
    private final int dim;

    private Softmax(int dim) {
        this.dim = dim;
    }

    /** Along {@code dim}; negative dimensions count from the end, -1 is usual. */
    public static Softmax of(int dim) {
        return new Softmax(dim);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.softmax(x, dim));
    }
}
