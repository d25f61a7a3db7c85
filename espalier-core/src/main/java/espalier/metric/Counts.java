package espalier.metric;

/**
 * How often a yes-or-no answer was right and wrong, and the figures that follow. A quotient of nothing by nothing counts
 * as the {@code zeroDivision} given, as in scikit-learn.
 *
 * @param truePositives said and so
 * @param falsePositives said and not so
 * @param falseNegatives not said but so
 * @param trueNegatives neither said nor so
 */
public record Counts(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {
    /** The counts of no answer. */
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    /** Returns the counts of both together. */
    public Counts plus(Counts other) {
        return new Counts(
                truePositives + other.truePositives,
                falsePositives + other.falsePositives,
                falseNegatives + other.falseNegatives,
                trueNegatives + other.trueNegatives);
    }

    /** The number of answers for which yes is right. */
    public long support() {
        return truePositives + falseNegatives;
    }

    /** {@code tp / (tp + fp)}: the share of what was said that is so. */
    public double precision(double zeroDivision) {
        return quotient(truePositives, truePositives + falsePositives, zeroDivision);
    }

    /** {@code tp / (tp + fn)}: the share of what is so that was said; in medicine, sensitivity. */
    public double recall(double zeroDivision) {
        return quotient(truePositives, support(), zeroDivision);
    }

    /** {@code tn / (tn + fp)}: the share of what is not so that was not said. */
    public double specificity(double zeroDivision) {
        return quotient(trueNegatives, trueNegatives + falsePositives, zeroDivision);
    }

    /** {@code (1 + beta²) tp / ((1 + beta²) tp + beta² fn + fp)}: between precision and recall. */
    public double fBeta(double beta, double zeroDivision) {
        double squared = beta * beta;
        double both = (1 + squared) * truePositives;
        return quotient(both, both + squared * falseNegatives + falsePositives, zeroDivision);
    }

    /** {@code tp / (tp + fp + fn)}: what was said and is so, of what was said or is so; intersection over union. */
    public double jaccard(double zeroDivision) {
        return quotient(truePositives, truePositives + falsePositives + falseNegatives, zeroDivision);
    }

    private static double quotient(double part, double whole, double zeroDivision) {
        return whole == 0 ? zeroDivision : part / whole;
    }
}
