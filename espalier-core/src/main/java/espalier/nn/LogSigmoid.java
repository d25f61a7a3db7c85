package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/** Logarithm of the sigmoid: {@code y = -log(1 + exp(-x))}. @shape any, kept */
public final class LogSigmoid extends Module {
    private LogSigmoid() {}

    /** The activation; it has no parameters. */
    public static LogSigmoid of() {
        return new LogSigmoid();
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.logSigmoid(x));
    }
}
