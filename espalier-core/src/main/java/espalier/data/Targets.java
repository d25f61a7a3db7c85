package espalier.data;

import java.util.List;

/** The blocks of targets. */
public final class Targets {
    private Targets() {}

    /** One class for each item. */
    public static TargetBlock category() {
        return category(List.of());
    }

    /** One class for each item, of the given ones in this order. */
    public static TargetBlock category(List<String> classes) {
        return new CategoryTarget(new ClassNames(classes));
    }

    /** Any number of tags for each item. */
    public static TargetBlock multiCategory() {
        return multiCategory(List.of());
    }

    /** Any number of tags for each item, of the given ones in this order. */
    public static TargetBlock multiCategory(List<String> tags) {
        return new MultiCategoryTarget(new ClassNames(tags), List.of());
    }

    /**
     * One or several quantities for each item, by their names: regression.
     *
     * @throws IllegalArgumentException for no name, or the same one twice
     */
    public static NumberTarget numbers(String... names) {
        return NumberTarget.of(List.of(names));
    }
}
