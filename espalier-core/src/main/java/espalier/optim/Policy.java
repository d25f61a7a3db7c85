package espalier.optim;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * How learning rate and momentum move over a cycle of training: a {@link Schedule} that knows its name and its numbers,
 * so that commands, checkpoints and model files can name it. The catalogue is {@link Policies}.
 */
public interface Policy {
    /** The name in the catalogue, such as {@code "one-cycle"}. */
    String name();

    /** The numbers that differ from the defaults or not, by name; what {@link Policies#parse} makes the same policy of. */
    Map<String, double[]> numbers();

    /**
     * The learning rate over the cycle.
     *
     * @param max the rate that was chosen, the largest
     * @param epochs how many epochs the cycle has, at least 1
     */
    Schedule lr(double max, int epochs);

    /** The momentum over the cycle; empty: it stays what it is. */
    default Optional<Schedule> momentum(int epochs) {
        return Optional.empty();
    }

    /**
     * A factor of all rates that follows from how training goes.
     *
     * @param validLosses the validation loss of each epoch of the cycle so far, NaN where there is none
     */
    default double factor(double... validLosses) {
        return 1;
    }

    /** Returns this policy behind so many epochs, perhaps a part of one, in which the rate climbs to the first one. */
    default Policy warmUp(double epochs) {
        return WarmUp.of(this, epochs);
    }

    /** The policy as one word, such as {@code "step:every=3,factor=0.1"}, which {@link Policies#parse} reads. */
    default String text() {
        String numbers = numbers().entrySet().stream()
                .map(number -> number.getKey() + "="
                        + DoubleStream.of(number.getValue())
                                .mapToObj(PolicyNumbers::shown)
                                .collect(Collectors.joining("/")))
                .collect(Collectors.joining(","));
        return numbers.isEmpty() ? name() : name() + ":" + numbers;
    }
}
