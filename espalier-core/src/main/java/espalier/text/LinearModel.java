package espalier.text;

/**
 * Scores that are sums: {@code x W + b}. Two classes have one output, whose score is that of the second class against the
 * first. Immutable.
 */
public final class LinearModel {
    private final int features;
    private final int outputs;
    private final double[] weights;

    /** @param weights {@code [F + 1, O]}, the bias in the last row */
    LinearModel(int features, int outputs, double[] weights) {
        this.features = features;
        this.outputs = outputs;
        this.weights = weights;
    }

    /** The number of features, F. */
    public int features() {
        return features;
    }

    /** The number of outputs, O: 1 for two classes. */
    public int outputs() {
        return outputs;
    }

    /** The weight of a feature for an output. */
    public double weight(int feature, int output) {
        return weights[feature * outputs + output];
    }

    /** What an output starts from. */
    public double bias(int output) {
        return weights[features * outputs + output];
    }

    /** The scores of a text. @shape {@code [O]} */
    public double[] scores(SparseRows.Row row) {
        double[] scores = new double[outputs];
        System.arraycopy(weights, features * outputs, scores, 0, outputs);
        for (int i = 0; i < row.columns().length; i++) {
            double value = row.values()[i];
            int at = row.columns()[i] * outputs;
            for (int k = 0; k < outputs; k++) {
                scores[k] += value * weights[at + k];
            }
        }
        return scores;
    }

    /** The weights with the bias in the last row, as the search for them goes on from. */
    double[] parameters() {
        return weights;
    }
}
