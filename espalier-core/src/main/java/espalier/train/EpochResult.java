package espalier.train;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A row of the table of epochs.
 *
 * @param cycle the name of the cycle: {@code "frozen"}, {@code "unfrozen"}, {@code "fit"}
 * @param epoch the epoch over all cycles, from 1
 * @param trainLoss the smoothed loss of the training batches at the epoch's end
 * @param validLoss the mean loss over the validation items; empty without any
 * @param metrics the metrics over the validation items, by name; empty without any
 * @param seconds how long the epoch took, validation included
 */
public record EpochResult(
        String cycle,
        int epoch,
        double trainLoss,
        OptionalDouble validLoss,
        Map<String, OptionalDouble> metrics,
        double seconds) {

    /** The value that a callback watches: {@code "train_loss"}, {@code "valid_loss"} or a metric's name; empty when unknown. */
    public OptionalDouble value(String name) {
        return switch (name) {
            case "train_loss" -> OptionalDouble.of(trainLoss);
            case "valid_loss" -> validLoss;
            default -> metrics.getOrDefault(name, OptionalDouble.empty());
        };
    }

    /** The row as model files keep it, by name; values that there are none of are left out. */
    public Map<String, Object> toMap() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("phase", cycle);
        row.put("epoch", epoch);
        row.put("train_loss", trainLoss);
        row.put("seconds", seconds);
        row.putAll(judged());
        return row;
    }

    /** What the validation items said, by name: {@code "valid_loss"} and the metrics. */
    public Map<String, Object> judged() {
        Map<String, Object> values = new LinkedHashMap<>();
        validLoss.ifPresent(loss -> values.put("valid_loss", loss));
        metrics.forEach((name, value) -> value.ifPresent(v -> values.put(name, v)));
        return values;
    }

    /** The row in words: {@code "epoch 2 (unfrozen): train_loss 0.4121, valid_loss 0.2034, error_rate 0.0625, 12.3 s"}. */
    @Override
    public String toString() {
        var text = new StringBuilder("epoch " + epoch + " (" + cycle + "): " + shown("train_loss", trainLoss));
        validLoss.ifPresent(loss -> text.append(", ").append(shown("valid_loss", loss)));
        metrics.forEach((name, value) ->
                text.append(", ").append(value.isPresent() ? shown(name, value.getAsDouble()) : name + " n/a"));
        return text.append(String.format(Locale.ROOT, ", %.1f s", seconds)).toString();
    }

    private static String shown(String name, double value) {
        return String.format(Locale.ROOT, "%s %.4f", name, value);
    }

    /** The same epoch of a training that {@code others} epochs came before. */
    EpochResult later(int others) {
        return new EpochResult(cycle, others + epoch, trainLoss, validLoss, metrics, seconds);
    }
}
