package espalier.app;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells when the labels of a table look like several tags in one cell, and are taken as one label. */
final class TagHint {
    private static final String BETWEEN = "[\\s,;|]+";

    private TagHint() {}

    /** A hint when at least half of the labels of several words are made of words that other labels have, too. */
    static Optional<String> of(List<String> classes) {
        Map<String, Integer> uses = new HashMap<>();
        classes.forEach(
                label -> Arrays.stream(words(label)).distinct().forEach(word -> uses.merge(word, 1, Integer::sum)));
        var several = classes.stream().filter(label -> words(label).length > 1).toList();
        var combined = several.stream()
                .filter(label -> Arrays.stream(words(label)).allMatch(word -> uses.getOrDefault(word, 0) > 1))
                .toList();
        return combined.isEmpty() || 2 * combined.size() < several.size()
                ? Optional.empty()
                : Optional.of(combined.size() + " of " + classes.size()
                        + " labels are made of words of other labels, such as '"
                        + combined.get(0)
                        + "', and each is a class of its own. Maybe they are tags: --tags takes the words"
                        + " of a cell, with spaces between, as labels that a picture can have together.");
    }

    private static String[] words(String label) {
        return label.strip().split(BETWEEN);
    }
}
