package espalier.interpret;

import espalier.metric.Ranking;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The receiver operating characteristic of one class against the rest: how many of the others are taken for it (false
 * positive rate) to find how many of its own (true positive rate), as the threshold falls. Points and area are those
 * of scikit-learn's {@code roc_curve} and {@code roc_auc_score}.
 *
 * <p>Rates are NaN, and the area with them, when the items have none of the class, or nothing else.
 */
public final class RocCurve {
    private final double[] falsePositiveRates;
    private final double[] truePositiveRates;
    private final double[] thresholds;
    private final double area;

    private RocCurve(Ranking all) {
        area = all.rocArea();
        var ranking = all.corners();
        int count = ranking.size() + 1;
        falsePositiveRates = new double[count];
        truePositiveRates = new double[count];
        thresholds = new double[count];
        thresholds[0] = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            // 0 / 0 is the NaN that is wanted
            falsePositiveRates[i] = (i == 0 ? 0 : ranking.negatives()[i - 1]) / ranking.allNegatives();
            truePositiveRates[i] = (i == 0 ? 0 : ranking.positives()[i - 1]) / ranking.allPositives();
            if (i > 0) {
                thresholds[i] = ranking.thresholds()[i - 1];
            }
        }
    }

    /** The curve of scores of any scale, the higher the surer. @throws IllegalArgumentException for no items */
    public static RocCurve of(double[] scores, boolean[] positive) {
        return new RocCurve(Ranking.of(scores, positive));
    }

    /** The curve of the class or label that is named. @throws IllegalArgumentException when there is none */
    public static RocCurve of(Predictions predictions, String name) {
        int category = predictions.indexOf(name);
        return of(predictions.column(category), predictions.truth(category));
    }

    /** The curves of all classes by name, in their order. */
    public static Map<String, RocCurve> all(Predictions predictions) {
        var curves = new LinkedHashMap<String, RocCurve>();
        for (int c = 0; c < predictions.classes().size(); c++) {
            curves.put(predictions.classes().get(c), of(predictions.column(c), predictions.truth(c)));
        }
        return curves;
    }

    /** The plain mean of the areas; of classes whose area is defined, NaN when there are none. */
    public static double macroAuc(Collection<RocCurve> curves) {
        return curves.stream()
                .mapToDouble(RocCurve::auc)
                .filter(area -> !Double.isNaN(area))
                .average()
                .orElse(Double.NaN);
    }

    /** The share of other items with at least the threshold of the same place, rising from 0 to 1. */
    public double[] falsePositiveRates() {
        return falsePositiveRates.clone();
    }

    /** The share of the class's items with at least the threshold of the same place, rising from 0 to 1. */
    public double[] truePositiveRates() {
        return truePositiveRates.clone();
    }

    /** The thresholds, falling, the first one infinite. */
    public double[] thresholds() {
        return thresholds.clone();
    }

    /** The area under the curve: 1 is perfect, 0.5 is chance; NaN when undefined. */
    public double auc() {
        return area;
    }

    /**
     * The curve as plain values: {@code auc}, {@code fpr}, {@code tpr}, and {@code thresholds} whose first one is one
     * above the highest score. What is undefined is left out.
     */
    public Map<String, Object> toMap() {
        double[] finite = thresholds();
        finite[0] = finite[1] + 1;
        return new Plain()
                .put("auc", auc())
                .put("fpr", falsePositiveRates)
                .put("tpr", truePositiveRates)
                .put("thresholds", finite)
                .map();
    }
}
