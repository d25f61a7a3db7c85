package espalier.data;

import espalier.report.DataException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Names and their positions among the outputs of a model. */
final class ClassNames {
    private final List<String> names;
    private final Map<String, Integer> positions = new LinkedHashMap<>();

    ClassNames(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) {
            positions.put(names.get(i), i);
        }
    }

    List<String> names() {
        return names;
    }

    /** This vocabulary, or the sorted distinct labels when it is empty. */
    ClassNames fit(List<List<String>> labels) {
        return names.isEmpty()
                ? new ClassNames(labels.stream()
                        .flatMap(Collection::stream)
                        .distinct()
                        .sorted()
                        .toList())
                : this;
    }

    /** How often each name is among {@code labels}. */
    long[] counts(Stream<String> labels) {
        long[] counts = new long[names.size()];
        labels.map(positions::get).filter(Objects::nonNull).forEach(position -> counts[position]++);
        return counts;
    }

    int position(String label) {
        Integer position = positions.get(label);
        if (position == null) {
            throw new DataException("the label " + label + " is not among the classes " + names
                    + ". Maybe it occurs in no training item.");
        }
        return position;
    }

    Optional<String> unknown(List<String> labels) {
        return labels.stream()
                .filter(label -> !positions.containsKey(label))
                .findFirst()
                .map(label -> "its class " + label + " occurs in no training item");
    }
}
