package espalier.collect;

import espalier.collect.Finding.Kind;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a file's path says of its label and split, and what labels say of each other. */
final class Labels {
    private static final Set<String> SPLITS = Set.of("train", "valid", "val", "validation", "dev", "test");
    private static final int MOST_UNEQUAL = 10;
    private static final int FEWEST = 2;

    private Labels() {}

    /** {@code file} relative to {@code root}, with {@code /} between on every system. */
    static String id(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /** The split that the first folder names; empty when it names none. */
    static String split(String id) {
        int slash = id.indexOf('/');
        String first = slash < 0 ? "" : id.substring(0, slash).toLowerCase(Locale.ROOT);
        return SPLITS.contains(first) ? first : "";
    }

    /** The folder that holds the file; empty when that is the data set itself or a split. */
    static String label(String id) {
        String inner = split(id).isEmpty() ? id : id.substring(id.indexOf('/') + 1);
        int slash = inner.lastIndexOf('/');
        String folder = slash < 0 ? "" : inner.substring(0, slash);
        return folder.substring(folder.lastIndexOf('/') + 1);
    }

    /** What the numbers of pictures by split and label tell. */
    static List<Finding> findings(Map<String, Map<String, Integer>> balance) {
        var findings = new ArrayList<Finding>();
        var all = new TreeMap<String, Integer>();
        balance.values().forEach(labels -> labels.forEach((label, count) -> all.merge(label, count, Integer::sum)));
        alike(all.keySet(), findings);
        balance.forEach((split, labels) -> unequal(split, labels, findings));
        return findings;
    }

    private static void alike(Set<String> labels, List<Finding> findings) {
        var byFolded = new TreeMap<String, TreeSet<String>>();
        labels.forEach(label ->
                byFolded.computeIfAbsent(folded(label), key -> new TreeSet<>()).add(label));
        for (var group : byFolded.values()) {
            if (group.size() > 1) {
                findings.add(Finding.of(
                        Kind.LABELS_ALIKE, List.copyOf(group), "labels look alike, but are counted as different ones"));
            }
        }
    }

    /** A label without what is easily mistaken: case, accents' encoding, separators, outer blanks. */
    private static String folded(String label) {
        String composed = Normalizer.normalize(label, Normalizer.Form.NFKC);
        return composed.toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\s_\\-]+", " ")
                .strip();
    }

    private static void unequal(String split, Map<String, Integer> labels, List<Finding> findings) {
        if (labels.size() < 2) {
            return;
        }
        int most = labels.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        String where = split.isEmpty() ? "" : " in " + split;
        labels.forEach((label, count) -> {
            if (count < FEWEST) {
                findings.add(Finding.of(Kind.IMBALANCE, label, "only " + count + " picture" + where));
            } else if (most > MOST_UNEQUAL * count) {
                findings.add(Finding.of(
                        Kind.IMBALANCE, label, count + " pictures" + where + ", the largest class has " + most));
            }
        });
    }
}
