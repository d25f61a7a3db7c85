package espalier.metric;

/** How values of several classes or labels become one, scikit-learn's words. */
public enum Average {
    /** The value of the positive class alone, for two classes. */
    BINARY,
    /** The plain mean over classes. */
    MACRO,
    /** One value from the counts of all classes together. */
    MICRO,
    /** The mean over items of each item's value, for items with several labels. */
    SAMPLES,
    /** The mean over classes, weighted by how often they are right answers. */
    WEIGHTED
}
