package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.data.FolderLayout;
import espalier.data.LookAlikes;
import espalier.item.Item;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the files' paths say of their labels and splits, and what labels say of each other. */
final class Labels {
    private static final int MOST_UNEQUAL = 10;
    private static final int FEWEST = 2;

    private final FolderLayout layout;

    private Labels(FolderLayout layout) {
        this.layout = layout;
    }

    /** What the folders of a data set with these files say, as training reads them. */
    static Labels of(Path root, List<Path> files) {
        return new Labels(
                FolderLayout.of(files.stream().map(file -> Item.id(root, file)).toList()));
    }

    /** The folder that names the split; empty when none does. */
    String split(String id) {
        return layout.partName(id);
    }

    /** The folder that names the label; empty when none does. */
    String label(String id) {
        return layout.label(id);
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
        labels.forEach(label -> byFolded.computeIfAbsent(LookAlikes.folded(label), key -> new TreeSet<>())
                .add(label));
        for (var group : byFolded.values()) {
            if (group.size() > 1) {
                findings.add(Finding.of(
                        Kind.LABELS_ALIKE, List.copyOf(group), "labels look alike, but are counted as different ones"));
            }
        }
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
