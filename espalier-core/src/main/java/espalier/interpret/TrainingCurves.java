package espalier.interpret;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * How training went, epoch by epoch, as plain numbers, whoever did the training.
 *
 * @param epochs in the order of training
 */
public record TrainingCurves(List<Epoch> epochs) {

    /**
     * The figures after one epoch.
     *
     * @param number as shown, usually from 0
     * @param trainLoss mean or smoothed loss of the training set; NaN when unknown
     * @param validLoss mean loss of the validation set; NaN when unknown
     * @param metrics values of the validation set by name
     */
    public record Epoch(int number, double trainLoss, double validLoss, Map<String, Double> metrics) {
        public Epoch {
            metrics = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metrics));
        }
    }

    public TrainingCurves {
        epochs = List.copyOf(epochs);
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
