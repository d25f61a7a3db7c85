package espalier.text;

/**
 * Logistic regression text by text: each weight is the one that would have been best so far, held back by the squares of its
 * slopes and by the penalty {@code 0.5 / c * w^2}, so that after one pass {@code c} means what it does for
 * {@link LogisticRegression}. A step costs as much as the text has features.
 *
 * @paper McMahan et al. 2013, "Ad Click Prediction: a View from the Trenches", Algorithm 1, FTRL-Proximal; without its L1 penalty
 */
final class FollowTheLeader {
    /** The paper's alpha: how fast weights move; values of a text's features are about a tenth. */
    private static final double RATE = 1;

    /** The paper's beta. */
    private static final double SLOWNESS = 0.1;

    private final int features;
    private final int outputs;
    private final double penalty;
    private final float[] z;
    private final float[] squares;

    FollowTheLeader(int features, int outputs, double c) {
        this.features = features;
        this.outputs = outputs;
        this.penalty = 1 / c;
        this.z = new float[Math.multiplyExact(features + 1, outputs)];
        this.squares = new float[z.length];
    }

    private double weight(int at) {
        double held = at < features * outputs ? penalty : 0;
        return -z[at] / ((SLOWNESS + Math.sqrt(squares[at])) / RATE + held);
    }

    /** Learns from a text. */
    void step(SparseRows.Row row, TextTargets targets, int place, double weight) {
        int[] columns = row.columns();
        float[] values = row.values();
        int bias = features * outputs;
        double[] slopes = new double[outputs];
        for (int k = 0; k < outputs; k++) {
            slopes[k] = weight(bias + k);
            for (int i = 0; i < columns.length; i++) {
                slopes[k] += values[i] * weight(columns[i] * outputs + k);
            }
        }
        targets.loss(place, slopes); // scores become slopes
        for (int k = 0; k < outputs; k++) {
            for (int i = 0; i < columns.length; i++) {
                move(columns[i] * outputs + k, weight * slopes[k] * values[i]);
            }
            move(bias + k, weight * slopes[k]);
        }
    }

    private void move(int at, double slope) {
        double before = squares[at];
        double after = before + slope * slope;
        z[at] += (float) (slope - (Math.sqrt(after) - Math.sqrt(before)) / RATE * weight(at));
        squares[at] = (float) after;
    }

    /** The weights so far. */
    LinearModel model() {
        double[] weights = new double[z.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weight(i);
        }
        return new LinearModel(features, outputs, weights);
    }
}
