package espalier.train.callback;

import espalier.train.EpochResult;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A value of each epoch that callbacks watch, and whether more of it is better. Losses and errors are better when
 * lower; of other names the direction must be said.
 *
 * @param name {@code "valid_loss"}, {@code "train_loss"} or a metric's name
 * @param higherIsBetter the direction
 */
public record Monitor(String name, boolean higherIsBetter) {
    /** The loss over the validation items. */
    public static Monitor validLoss() {
        return new Monitor("valid_loss", false);
    }

    /** A value of which less is better. */
    public static Monitor lower(String name) {
        return new Monitor(name, false);
    }

    /** A value of which more is better. */
    public static Monitor higher(String name) {
        return new Monitor(name, true);
    }

    /** The value of an epoch; empty when there is none, as without validation items. */
    OptionalDouble value(Optional<EpochResult> epoch) {
        return epoch.map(result -> result.value(name)).orElse(OptionalDouble.empty());
    }

    /** True when {@code value} is better than {@code best} by more than {@code minDelta}; NaN never is. */
    boolean better(double value, double best, double minDelta) {
        return higherIsBetter ? value > best + minDelta : value < best - minDelta;
    }

    double worst() {
        return higherIsBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
}
