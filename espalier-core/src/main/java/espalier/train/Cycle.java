package espalier.train;

import espalier.optim.Policy;
import espalier.optim.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * A number of epochs under one schedule, with some parameter groups frozen.
 *
 * @param name what the table of epochs calls it: {@code "frozen"}, {@code "unfrozen"}, {@code "fit"}
 * @param epochs how often the training items are gone through
 * @param freezeTo the first group that trains; those before it are frozen
 * @param rates the largest learning rate of each group
 * @param policy how rate and momentum move
 */
public record Cycle(String name, int epochs, int freezeTo, List<Double> rates, Policy policy) {
    /** Checks the numbers. */
    public Cycle {
        if (epochs < 0 || freezeTo < 0 || freezeTo >= rates.size()) {
            throw new IllegalArgumentException("a cycle needs epochs and a first trained group: received " + epochs
                    + " epochs, freezeTo " + freezeTo + " of " + rates.size() + " groups");
        }
        rates = List.copyOf(rates);
    }

    /** A cycle with one rate for each group. */
    public static Cycle of(String name, int epochs, int freezeTo, double[] rates, Policy policy) {
        return new Cycle(name, epochs, freezeTo, DoubleStream.of(rates).boxed().toList(), policy);
    }

    /** The learning rate of a group over the cycle. */
    Schedule lr(int group) {
        return policy.lr(rates.get(group), Math.max(1, epochs));
    }

    /** The momentum over the cycle; empty: it stays what it is. */
    Optional<Schedule> momentum() {
        return policy.momentum(Math.max(1, epochs));
    }
}
