package espalier.interpret;

import espalier.metric.Ranking;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Precision against recall of one class as the threshold rises: for rare classes more telling than {@link RocCurve}.
 * Points are those of scikit-learn's {@code precision_recall_curve}, the last one being precision 1 at recall 0.
 *
 * <p>When no item is of the class, recall is 1 everywhere, as scikit-learn has it.
 */
public final class PrecisionRecallCurve {
    private final double[] precisions;
    private final double[] recalls;
    private final double[] thresholds;
    private final double averagePrecision;

    private PrecisionRecallCurve(Ranking ranking) {
        int count = ranking.size();
        precisions = new double[count + 1];
        recalls = new double[count + 1];
        thresholds = new double[count];
        for (int i = 0; i < count; i++) {
            int from = count - 1 - i;
            double positives = ranking.positives()[from];
            precisions[i] = positives / (positives + ranking.negatives()[from]);
            recalls[i] = ranking.allPositives() == 0 ? 1 : positives / ranking.allPositives();
            thresholds[i] = ranking.thresholds()[from];
        }
        precisions[count] = 1;
        recalls[count] = 0;
        averagePrecision = ranking.allPositives() == 0 ? 0 : ranking.averagePrecision();
    }

    /** The curve of scores of any scale, the higher the surer. @throws IllegalArgumentException for no items */
    public static PrecisionRecallCurve of(double[] scores, boolean[] positive) {
        return new PrecisionRecallCurve(Ranking.of(scores, positive));
    }

    /** The curve of the class or label that is named. @throws IllegalArgumentException when there is none */
    public static PrecisionRecallCurve of(Predictions predictions, String name) {
        int category = predictions.indexOf(name);
        return of(predictions.column(category), predictions.truth(category));
    }

    /** The curves of all classes by name, in their order. */
    public static Map<String, PrecisionRecallCurve> all(Predictions predictions) {
        var curves = new LinkedHashMap<String, PrecisionRecallCurve>();
        for (int c = 0; c < predictions.classes().size(); c++) {
            curves.put(predictions.classes().get(c), of(predictions.column(c), predictions.truth(c)));
        }
        return curves;
    }

    /** The precision at each threshold, and 1. */
    public double[] precisions() {
        return precisions.clone();
    }

    /** The recall at each threshold, falling, and 0. */
    public double[] recalls() {
        return recalls.clone();
    }

    /** The thresholds, rising; one fewer than points. */
    public double[] thresholds() {
        return thresholds.clone();
    }

    /**
     * The mean of the precisions, each weighted by the recall it adds, see {@link Ranking#averagePrecision}; 0 when no
     * item is of the class. Unlike {@link #auc} it does not draw lines between the points, which would flatter.
     */
    public double averagePrecision() {
        return averagePrecision;
    }

    /** The area under the curve by the trapezoidal rule. */
    public double auc() {
        return Ranking.area(recalls, precisions);
    }

    /** The curve as plain values: {@code average_precision}, {@code auc}, {@code precision}, {@code recall}, {@code thresholds}. */
    public Map<String, Object> toMap() {
        return new Plain()
                .put("average_precision", averagePrecision())
                .put("auc", auc())
                .put("precision", precisions)
                .put("recall", recalls)
                .put("thresholds", thresholds)
                .map();
    }
}
