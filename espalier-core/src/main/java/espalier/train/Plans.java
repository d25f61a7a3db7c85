package espalier.train;

import espalier.optim.OneCycle;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** The usual cycles. */
final class Plans {
    private Plans() {}

    static Cycle constant(int epochs, int freezeTo, double[] rates) {
        return new Cycle("fit", epochs, freezeTo, DoubleStream.of(rates).boxed().toList(), Optional.empty());
    }

    static Cycle oneCycle(String name, int epochs, int freezeTo, double[] rates, OneCycle shape) {
        return new Cycle(name, epochs, freezeTo, DoubleStream.of(rates).boxed().toList(), Optional.of(shape));
    }
}
