package espalier.clean;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What somebody wants done with a picture.
 *
 * @param action the deed
 * @param values the new labels or the new split; empty for the others
 */
public record Choice(Action action, List<String> values) {
    /** What can be done with a picture. */
    public enum Action {
        /** Nothing was chosen yet. */
        NONE,
        /** It is right as it is; nothing happens to the file. */
        KEEP,
        /** It gets another label. */
        RELABEL,
        /** It goes to the trash. */
        DELETE,
        /** It goes to another split. */
        MOVE
    }

    /** Nothing chosen. */
    public static final Choice NONE = new Choice(Action.NONE, List.of());

    public Choice {
        values = List.copyOf(values);
        boolean valued = action == Action.RELABEL || action == Action.MOVE;
        boolean right = valued ? !values.isEmpty() : values.isEmpty();
        if (!right || (action == Action.MOVE && values.size() > 1)) {
            throw new IllegalArgumentException("relabel needs labels, move one split, the others nothing; received "
                    + action.name().toLowerCase(Locale.ROOT) + " " + values + ". Maybe a value was forgotten.");
        }
    }

    /** It is right as it is. */
    public static Choice keep() {
        return new Choice(Action.KEEP, List.of());
    }

    /** Another label; for tags, all that it shall have. */
    public static Choice relabel(String... labels) {
        return new Choice(Action.RELABEL, List.of(labels));
    }

    /** To the trash. */
    public static Choice delete() {
        return new Choice(Action.DELETE, List.of());
    }

    /** To another split, such as {@code "valid"}. */
    public static Choice move(String split) {
        return new Choice(Action.MOVE, List.of(split));
    }

    /** Whether this makes another one of a picture: a relabel to what it is, or a move to where it is, does not. */
    boolean changes(Labelled picture) {
        return switch (action) {
            case RELABEL -> !Set.copyOf(values).equals(Set.copyOf(picture.labels()));
            case MOVE -> !values.get(0).equals(picture.split());
            default -> true;
        };
    }

    /** The choice in words. */
    String text() {
        String values = String.join(", ", this.values);
        return action.name().toLowerCase(Locale.ROOT) + (values.isEmpty() ? "" : " to '" + values + "'");
    }

    /** Whether this changes the data set. */
    public boolean changesFiles() {
        return action != Action.NONE && action != Action.KEEP;
    }
}
