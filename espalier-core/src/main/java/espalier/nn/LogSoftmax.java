package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Logarithm of softmax: {@code y = x - log(sum(exp(x)))} along one dimension. @shape any, kept */
public final class LogSoftmax extends Module {
    private final int dim;

    private LogSoftmax(int dim) {
        this.dim = dim;
    }

    /** Along {@code dim}; negative dimensions count from the end, -1 is usual. */
    public static LogSoftmax of(int dim) {
        return new LogSoftmax(dim);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.logSoftmax(x, dim));
    }
}
