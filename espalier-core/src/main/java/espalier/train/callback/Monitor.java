package espalier.train.callback;

import espalier.metric.Direction;
import espalier.metric.Metric;
import espalier.train.EpochResult;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A value of each epoch that callbacks watch, and which values of it are good.
 *
 * @param name {@code "valid_loss"}, {@code "train_loss"} or a metric's name
 * @param direction which values are good
 */
public record Monitor(String name, Direction direction) {
    /** The loss over the validation items. */
    public static Monitor validLoss() {
        return new Monitor("valid_loss", Direction.LOWER_IS_BETTER);
    }

    /** The value of a metric, which knows its direction. */
    public static Monitor of(Metric metric) {
        return new Monitor(metric.name(), metric.direction());
    }

    /** A value of which less is better. */
    public static Monitor lower(String name) {
        return new Monitor(name, Direction.LOWER_IS_BETTER);
    }

    /** A value of which more is better. */
    public static Monitor higher(String name) {
        return new Monitor(name, Direction.HIGHER_IS_BETTER);
    }

    /** The value of an epoch; empty when there is none, as without validation items. */
    OptionalDouble value(Optional<EpochResult> epoch) {
        return epoch.map(result -> result.value(name)).orElse(OptionalDouble.empty());
    }
}
