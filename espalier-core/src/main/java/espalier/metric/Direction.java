package espalier.metric;

/** Which values of a metric are good. */
public enum Direction {
    /** Such as accuracy. */
    HIGHER_IS_BETTER,
    /** Such as the error rate. */
    LOWER_IS_BETTER;

    /** True when {@code value} is better than {@code other} by more than {@code margin}; NaN never is. */
    public boolean better(double value, double other, double margin) {
        return this == HIGHER_IS_BETTER ? value - margin > other : value + margin < other;
    }

    /** The value that any other is better than: an infinity. */
    public double worst() {
        return this == HIGHER_IS_BETTER ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
}
