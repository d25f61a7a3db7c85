package espalier.collect;

import espalier.collect.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Classes that have no picture to learn from or to judge by: empty folders, unreadable ones, gaps in a split. */
final class MissingClasses {
    private final List<Finding> findings = new ArrayList<>();
    /** What was told already, as split and label. */
    private final Set<List<String>> told = new HashSet<>();

    private MissingClasses() {}

    /**
     * Findings about the classes of a data set.
     *
     * @param balance readable pictures by split and label
     * @param inspections all pictures, unreadable ones too
     * @param empty folders with nothing in them, relative to the data set
     */
    static List<Finding> of(
            Map<String, Map<String, Integer>> balance, List<Inspection> inspections, List<String> empty) {
        var classes = new MissingClasses();
        empty.forEach(classes::empty);
        classes.unreadable(balance, inspections);
        classes.gaps(balance);
        return classes.findings;
    }

    private void empty(String folder) {
        String inside = folder + "/x"; // the folder is the label of a file in it
        if (!Labels.label(inside).isEmpty()) {
            told.add(List.of(Labels.split(inside), Labels.label(inside)));
        }
        findings.add(Finding.of(Kind.MISSING_CLASS, folder, "an empty folder"));
    }

    private void unreadable(Map<String, Map<String, Integer>> balance, List<Inspection> inspections) {
        var counts = new TreeMap<String, Integer>();
        var keys = new HashMap<String, List<String>>();
        for (Inspection inspection : inspections) {
            String split = Labels.split(inspection.file());
            String label = Labels.label(inspection.file());
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
        splits.values().removeIf(labels -> Set.of("").equals(labels.keySet()));
        var all = new TreeSet<String>();
        splits.values().forEach(labels -> all.addAll(labels.keySet()));
        all.remove("");
        splits.forEach((split, labels) -> {
            for (String label : all) {
                if (!labels.containsKey(label) && !told.contains(List.of(split, label))) {
                    String harm = split.equals("train") ? "it cannot be learnt" : "how well it is known stays unseen";
                    findings.add(Finding.of(Kind.MISSING_CLASS, label, "no picture in " + split + ": " + harm));
                }
            }
        });
    }
}
