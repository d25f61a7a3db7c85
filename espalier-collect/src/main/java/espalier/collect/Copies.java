package espalier.collect;

import espalier.collect.Finding.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** What can be said of the files of a data set together: which are copies, and where that does harm. */
final class Copies {
    private final List<Finding> findings = new ArrayList<>();

    private final Labels labels;

    private Copies(Labels labels) {
        this.labels = labels;
    }

    /** Findings about {@code good}, all of which are readable. */
    static List<Finding> of(List<Inspection> good, Labels labels, boolean lookAlikes) {
        var copies = new Copies(labels);
        Map<String, List<Inspection>> byHash = new LinkedHashMap<>();
        good.forEach(one -> byHash.computeIfAbsent(
                        one.sha256().isEmpty() ? one.file() : one.sha256(), key -> new ArrayList<>())
                .add(one));
        byHash.values().stream().filter(group -> group.size() > 1).forEach(copies::exact);
        if (lookAlikes) {
            copies.near(List.copyOf(byHash.values()));
        }
        return copies.findings;
    }

    private void exact(List<Inspection> group) {
        add(Kind.DUPLICATE, files(group), "the same bytes", 1);
        harm(files(group), "the same bytes", 1);
    }

    private void near(List<List<Inspection>> groups) {
        var prints = groups.stream()
                .map(group -> group.get(0).fingerprint().orElseThrow())
                .toList();
        for (var pair : Duplicates.of().pairs(prints)) {
            var files = List.of(
                    groups.get(pair.first()).get(0).file(),
                    groups.get(pair.second()).get(0).file());
            String reason = String.format(Locale.ROOT, "the same picture, similarity %.2f", pair.similarity());
            add(Kind.NEAR_DUPLICATE, files, reason, pair.similarity());
            var all = new ArrayList<>(files(groups.get(pair.first())));
            all.addAll(files(groups.get(pair.second())));
            harm(all, reason, pair.similarity());
        }
    }

    /** Copies in different splits leak; copies under different labels contradict each other. */
    private void harm(List<String> files, String reason, double similarity) {
        var splits = new TreeSet<>(files.stream().map(labels::split).toList());
        if (splits.size() > 1) {
            add(Kind.LEAK, files, "in " + String.join(" and ", splits) + ", " + reason, similarity);
        }
        var names = new TreeSet<>(files.stream().map(labels::label).toList());
        if (names.size() > 1) {
            add(Kind.CONFLICT, files, "labelled " + String.join(" and ", names) + ", " + reason, similarity);
        }
    }

    private void add(Kind kind, List<String> files, String reason, double similarity) {
        findings.add(new Finding(kind, files, reason, similarity));
    }

    private static List<String> files(List<Inspection> group) {
        return group.stream().map(Inspection::file).toList();
    }
}
