package espalier.metric;

/** How much a confusion of two classes counts in Cohen's kappa, scikit-learn's {@code weights}. */
public enum Agreement {
    /** Each confusion counts alike. */
    PLAIN,
    /** By the distance of the two classes, for classes in an order such as grades. */
    LINEAR,
    /** By the square of that distance. */
    QUADRATIC;

    double weight(int actual, int predicted) {
        int distance = Math.abs(actual - predicted);
        return switch (this) {
            case PLAIN -> distance == 0 ? 0 : 1;
            case LINEAR -> distance;
            case QUADRATIC -> (double) distance * distance;
        };
    }
}
