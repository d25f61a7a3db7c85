package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.data.Splits.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Classes that have no picture to learn from or to judge by: empty folders, unreadable ones, gaps in a split. */
final class MissingClasses {
    private final List<Finding> findings = new ArrayList<>();
    /** What was told already, as split and label. */
    private final Set<List<String>> told = new HashSet<>();

    private final Labels labels;

    private MissingClasses(Labels labels) {
        this.labels = labels;
    }

    /**
     * Findings about the classes of a data set.
     *
     * @param balance readable pictures by split and label
     * @param inspections all pictures, unreadable ones too
     * @param empty folders with nothing in them, relative to the data set
     * @param labels what folders mean
     */
    static List<Finding> of(
            Map<String, Map<String, Integer>> balance,
            List<Inspection> inspections,
            List<String> empty,
            Labels labels) {
        var classes = new MissingClasses(labels);
        empty.forEach(classes::empty);
        classes.unreadable(balance, inspections);
        classes.gaps(balance);
        return classes.findings;
    }

    private void empty(String folder) {
        String inside = folder + "/x"; // the folder is the label of a file in it
        if (!labels.label(inside).isEmpty()) {
            told.add(List.of(labels.split(inside), labels.label(inside)));
        }
        findings.add(Finding.of(Kind.MISSING_CLASS, folder, "an empty folder"));
    }

    private void unreadable(Map<String, Map<String, Integer>> balance, List<Inspection> inspections) {
        var counts = new TreeMap<String, Integer>();
        var keys = new HashMap<String, List<String>>();
        for (Inspection inspection : inspections) {
            String split = labels.split(inspection.file());
            String label = labels.label(inspection.file());
            if (!label.isEmpty() && !balance.getOrDefault(split, Map.of()).containsKey(label)) {
                String name = split.isEmpty() ? label : label + " in " + split;
                counts.merge(name, 1, Integer::sum);
                keys.put(name, List.of(split, label));
            }
        }
        counts.forEach((name, count) -> {
            told.add(keys.getOrDefault(name, List.of()));
            findings.add(Finding.of(
                    Kind.MISSING_CLASS,
                    name,
                    count == 1 ? "its only picture cannot be read" : "none of its " + count + " pictures can be read"));
        });
    }

    /** Only splits whose pictures lie in folders of labels have gaps: pictures to predict need no labels. */
    private void gaps(Map<String, Map<String, Integer>> balance) {
        var splits = new TreeMap<>(balance);
        splits.keySet().removeIf(String::isEmpty);
        splits.values().removeIf(names -> Set.of("").equals(names.keySet()));
        var all = new TreeSet<String>();
        splits.values().forEach(names -> all.addAll(names.keySet()));
        all.remove("");
        splits.forEach((split, names) -> {
            for (String label : all) {
                if (!names.containsKey(label) && !told.contains(List.of(split, label))) {
                    String harm = Part.named(split).equals(Optional.of(Part.TRAIN))
                            ? "it cannot be learnt"
                            : "how well it is known stays unseen";
                    findings.add(Finding.of(Kind.MISSING_CLASS, label, "no picture in " + split + ": " + harm));
                }
            }
        });
    }
}
