package espalier.interpret;

import espalier.metric.Counts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Precision, recall, F1 and accuracy of labels for every threshold from 0.01 to 0.99: where to cut probabilities so
 * that a label counts as given. A probability equal to the threshold does not count.
 *
 * <pre>{@code
 * double cut = ThresholdCurve.of(predictions).best().threshold();
 * predictions.threshold(cut);
 * }</pre>
 *
 * <p>Choose the threshold on one set and judge it on another: the best of 99 is flattering on the set it was chosen on.
 */
public final class ThresholdCurve {
    private final Predictions predictions;
    private final int[] labels;
    private final Average average;
    private final List<Point> points;

    /** How figures of several labels become one. */
    public enum Average {
        /** The plain mean over the labels: rare ones count as much as common ones. */
        MACRO,
        /** All decisions thrown together: common labels count more. */
        MICRO,
        /** The mean over the items. */
        SAMPLES
    }

    /** The figures at one threshold; accuracy is the share of right decisions, all in 0 to 1. */
    public record Point(double threshold, double precision, double recall, double f1, double accuracy) {
        Map<String, Object> toMap() {
            return new Plain()
                    .put("threshold", threshold)
                    .put("precision", precision)
                    .put("recall", recall)
                    .put("f1", f1)
                    .put("accuracy", accuracy)
                    .map();
        }
    }

    private ThresholdCurve(Predictions predictions, int[] labels, Average average) {
        this.predictions = predictions;
        this.labels = labels;
        this.average = average;
        this.points = IntStream.rangeClosed(1, 99).mapToObj(i -> at(i / 100.0)).toList();
    }

    /** The curve over all labels, averaged by {@link Average#MACRO}. */
    public static ThresholdCurve of(Predictions predictions) {
        int count = predictions.classes().size();
        return new ThresholdCurve(predictions, IntStream.range(0, count).toArray(), Average.MACRO);
    }

    /** The curve of one label or class. @throws IllegalArgumentException when there is none of that name */
    public static ThresholdCurve of(Predictions predictions, String name) {
        return new ThresholdCurve(predictions, new int[] {predictions.indexOf(name)}, Average.MICRO);
    }

    /** The same curve averaged otherwise. */
    public ThresholdCurve average(Average how) {
        return new ThresholdCurve(predictions, labels, how);
    }

    /** The points at 0.01, 0.02 and so on to 0.99. */
    public List<Point> points() {
        return points;
    }

    /** The point of highest F1; of equal ones, that nearest to 0.5. */
    public Point best() {
        return points.stream()
                .max(Comparator.comparingDouble(Point::f1).thenComparingDouble(p -> -Math.abs(p.threshold() - 0.5)))
                .orElseThrow();
    }

    /** The figures at any threshold. */
    public Point at(double threshold) {
        boolean byItem = average == Average.SAMPLES;
        int size = predictions.size();
        long[][] tallies = new long[byItem ? size : average == Average.MICRO ? 1 : labels.length][4];
        for (int i = 0; i < size; i++) {
            for (int l = 0; l < labels.length; l++) {
                int group = byItem ? i : average == Average.MICRO ? 0 : l;
                boolean says = predictions.probability(i, labels[l]) > threshold;
                tallies[group][(says ? 1 : 0) + (predictions.has(i, labels[l]) ? 2 : 0)]++;
            }
        }
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        long right = 0;
        for (long[] t : tallies) {
            var counts = new Counts(t[3], t[1], t[2], t[0]);
            precision += counts.precision(0) / tallies.length;
            recall += counts.recall(0) / tallies.length;
            f1 += counts.fBeta(1, 0) / tallies.length;
            right += t[0] + t[3];
        }
        return new Point(threshold, precision, recall, f1, right / ((double) size * labels.length));
    }

    /** The curve as plain values: {@code best} and {@code points}. */
    public Map<String, Object> toMap() {
        return new Plain()
                .put("best", best().toMap())
                .put("points", points.stream().map(Point::toMap).toList())
                .map();
    }
}
