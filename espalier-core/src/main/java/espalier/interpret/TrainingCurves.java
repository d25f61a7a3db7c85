package espalier.interpret;

import espalier.train.EpochResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How training went, epoch by epoch, as plain numbers, whoever did the training.
 *
 * @param epochs in the order of training
 */
public record TrainingCurves(List<Epoch> epochs) {
    private static final Set<String> NO_METRICS = Set.of("epoch", "train_loss", "valid_loss", "seconds");

    /**
     * The figures after one epoch.
     *
     * @param number as shown, usually from 1
     * @param trainLoss mean or smoothed loss of the training set; NaN when unknown
     * @param validLoss mean loss of the validation set; NaN when unknown
     * @param metrics values of the validation set by name
     */
    public record Epoch(int number, double trainLoss, double validLoss, Map<String, Double> metrics) {
        public Epoch {
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }
    }

    public TrainingCurves {
        epochs = List.copyOf(epochs);
    }

    /** The curves of epochs that were just trained, numbered from 1 through all cycles; see {@link espalier.train.History}. */
    public static TrainingCurves of(List<EpochResult> epochs) {
        var curves = new ArrayList<Epoch>();
        for (EpochResult epoch : epochs) {
            var metrics = new LinkedHashMap<String, Double>();
            epoch.metrics().forEach((name, value) -> metrics.put(name, value.orElse(Double.NaN)));
            curves.add(new Epoch(
                    epoch.epoch(), epoch.trainLoss(), epoch.validLoss().orElse(Double.NaN), metrics));
        }
        return new TrainingCurves(curves);
    }

    /**
     * The curves in a model file, numbered from 1 through all cycles. What is not a number is left out.
     *
     * @param rows one map an epoch, as in {@link espalier.format.ModelDocument#history}
     */
    public static TrainingCurves from(List<Map<String, Object>> rows) {
        var curves = new ArrayList<Epoch>();
        for (var row : rows) {
            var metrics = new LinkedHashMap<String, Double>();
            row.forEach((name, value) -> {
                if (value instanceof Number number && !NO_METRICS.contains(name)) {
                    metrics.put(name, number.doubleValue());
                }
            });
            curves.add(new Epoch(curves.size() + 1, number(row, "train_loss"), number(row, "valid_loss"), metrics));
        }
        return new TrainingCurves(curves);
    }

    private static double number(Map<String, Object> row, String name) {
        return row.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** The names of all metrics, in the order in which they first occur. */
    public List<String> metricNames() {
        var names = new LinkedHashSet<String>();
        epochs.forEach(epoch -> names.addAll(epoch.metrics().keySet()));
        return List.copyOf(names);
    }

    /** The curves as plain values under {@code epochs}. */
    public Map<String, Object> toMap() {
        var rows = new ArrayList<Map<String, Object>>();
        for (Epoch epoch : epochs) {
            var metrics = new Plain();
            epoch.metrics().forEach((name, value) -> metrics.put(name, value.doubleValue()));
            rows.add(new Plain()
                    .put("epoch", epoch.number())
                    .put("train_loss", epoch.trainLoss())
                    .put("valid_loss", epoch.validLoss())
                    .put("metrics", metrics.map())
                    .map());
        }
        return new Plain().put("epochs", rows).map();
    }

    /** The value of one metric at each epoch; NaN where it is missing. */
    double[] metric(String name) {
        return epochs.stream()
                .mapToDouble(epoch -> epoch.metrics().getOrDefault(name, Double.NaN))
                .toArray();
    }
}
