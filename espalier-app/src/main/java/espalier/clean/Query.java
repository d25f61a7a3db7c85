package espalier.clean;

/**
 * Which pictures to show, in which order.
 *
 * @param view the list
 * @param label only those of this label; empty for all
 * @param split only those of this split; empty for all
 * @param order what comes first
 */
public record Query(View view, String label, String split, Order order) {
    /** A list of pictures to go through. */
    public enum View {
        /** All pictures that can be read. */
        ALL,
        /** Files with the same bytes. */
        DUPLICATES,
        /** Pictures that show the same photograph. */
        NEAR_DUPLICATES,
        /** Copies in different splits: validation would be too good. */
        LEAKS,
        /** Copies under different labels: one of them is wrong. */
        CONFLICTS,
        /** Files that cannot be read as pictures. */
        UNREADABLE
    }

    /** What comes first. Lists of copies keep copies together in every order. */
    public enum Order {
        /** The largest loss: where labels are most likely wrong. */
        LOSS,
        /** Where the model is least sure. */
        UNCERTAINTY,
        /** Pictures with the most similar copies, copies together. */
        SIMILARITY,
        /** By path. */
        NAME
    }

    /** All pictures, the largest loss first. */
    public static Query all() {
        return new Query(View.ALL, "", "", Order.LOSS);
    }

    /** Another list. */
    public Query view(View view) {
        return new Query(view, label, split, order);
    }

    /** Only those of one label; empty for all. */
    public Query label(String label) {
        return new Query(view, label, split, order);
    }

    /** Only those of one split; empty for all. */
    public Query split(String split) {
        return new Query(view, label, split, order);
    }

    /** Another order. */
    public Query order(Order order) {
        return new Query(view, label, split, order);
    }
}
