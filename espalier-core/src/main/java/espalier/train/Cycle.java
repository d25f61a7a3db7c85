package espalier.train;

import espalier.optim.OneCycle;
import espalier.optim.Schedule;
import java.util.List;
import java.util.Optional;

/**
 * A number of epochs under one schedule, with some parameter groups frozen.
 *
 * @param name what the table of epochs calls it: {@code "frozen"}, {@code "unfrozen"}, {@code "fit"}
 * @param epochs how often the training items are gone through
 * @param freezeTo the first group that trains; those before it are frozen
 * @param rates the largest learning rate of each group
 * @param oneCycle how rate and momentum move; empty: they stay as they are
 */
public record Cycle(String name, int epochs, int freezeTo, List<Double> rates, Optional<OneCycle> oneCycle) {
    /** Checks the numbers. */
    public Cycle {
        if (epochs < 0 || freezeTo < 0 || freezeTo >= rates.size()) {
            throw new IllegalArgumentException("a cycle needs epochs and a first trained group: received " + epochs
                    + " epochs, freezeTo " + freezeTo + " of " + rates.size() + " groups");
        }
        rates = List.copyOf(rates);
    }

    /** The learning rate of a group over the cycle. */
    Schedule lr(int group) {
        double max = rates.get(group);
        return oneCycle.map(shape -> shape.lr(max)).orElse(progress -> max);
    }

    /** The momentum over the cycle; empty: it stays what it is. */
    Optional<Schedule> momentum() {
        return oneCycle.map(OneCycle::momentum);
    }
}
