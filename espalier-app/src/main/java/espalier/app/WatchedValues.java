package espalier.app;

import espalier.data.Loaders;
import espalier.metric.Direction;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.train.callback.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The metrics of a training by the names that the user gave, tried on one item before any work is done. */
record WatchedValues(List<Metric> metrics) {
    private static final String MULTI = "_multi";

    /**
     * The metrics of these names for the targets at hand; the target's own when there are none. For tags the form of a
     * metric for items with several labels is meant, whether or not its name says so.
     *
     * @throws IllegalArgumentException when there is none of a name, or it does not fit the targets
     */
    static List<Metric> metrics(List<String> names, Loaders<?> loaders) {
        if (names.isEmpty()) {
            return loaders.target().metrics();
        }
        List<Metric> metrics = new ArrayList<>();
        try (var scope = Scope.open()) {
            int classes = loaders.classes().size();
            var dataset = loaders.train().dataset();
            Tensor target = loaders.target().collate(List.of(dataset.labels().get(0)));
            for (String name : names) {
                String several =
                        target.dim() == 2 && Metrics.named(name + MULTI).isPresent() ? name + MULTI : name;
                var metric = named(several).fitting(classes);
                tryOut(metric, Tensor.zeros(1, classes), target);
                metrics.add(metric.fresh());
            }
        }
        return metrics;
    }

    private static Metric named(String name) {
        return Metrics.named(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no metric \"" + name + "\". There are "
                        + Metrics.all().stream()
                                .map(Metric::name)
                                .filter(known -> !known.endsWith(MULTI))
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    private static void tryOut(Metric metric, Tensor scores, Tensor target) {
        try {
            metric.update(scores, target);
        } catch (ShapeException | IllegalArgumentException mismatch) {
            throw new IllegalArgumentException(
                    "the metric " + metric.name() + " does not fit these targets: " + mismatch.getMessage(), mismatch);
        }
    }

    /** The value of this name, which is a loss or one of the metrics. */
    Monitor monitor(String name) {
        return metrics.stream()
                .filter(metric -> metric.name().equals(name) || metric.name().equals(name + MULTI))
                .findFirst()
                .map(Monitor::of)
                .orElseGet(() -> new Monitor(name, Direction.LOWER_IS_BETTER));
    }
}
