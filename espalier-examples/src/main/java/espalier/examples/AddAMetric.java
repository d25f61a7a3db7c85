package espalier.examples;

import espalier.metric.Direction;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The recipe {@code docs/recipes/add-a-metric.md}. */
public final class AddAMetric {
    private AddAMetric() {}

    // region mean
    /** The mean probability of the right class. */
    public static Metric confidence() {
        return Metrics.mean(
                "confidence",
                Direction.HIGHER_IS_BETTER,
                (scores, target) -> Functional.softmax(scores, 1).gather(1, target.reshape(-1, 1))); // [N, 1]
    }
    // endregion

    // region class
    /** The mean over the classes of the share of their items that are recognised: rare classes count as much. */
    public static final class BalancedAccuracy implements Metric {
        private final Map<Long, Integer> items = new TreeMap<>();
        private final Map<Long, Integer> right = new TreeMap<>();

        @Override
        public String name() {
            return "balanced_accuracy";
        }

        @Override
        public Direction direction() {
            return Direction.HIGHER_IS_BETTER;
        }

        @Override
        public void update(Tensor scores, Tensor target) {
            long[] said = scores.argmax(1).toLongArray(); // [N]
            long[] actual = target.toLongArray(); // [N]
            for (int i = 0; i < actual.length; i++) {
                items.merge(actual[i], 1, Integer::sum);
                right.merge(actual[i], said[i] == actual[i] ? 1 : 0, Integer::sum);
            }
        }

        @Override
        public OptionalDouble value() {
            return items.keySet().stream()
                    .mapToDouble(k -> (double) right.getOrDefault(k, 0) / items.getOrDefault(k, 1))
                    .average();
        }

        @Override
        public Metric fresh() {
            return new BalancedAccuracy();
        }
    }
    // endregion
}
