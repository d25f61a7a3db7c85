package espalier.clean;

import espalier.collect.Duplicates;
import espalier.collect.Finding;
import espalier.collect.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Which pictures are copies of which, by what they look like: it stays true when files are moved, so groups are of
 * subjects and not of paths.
 */
final class CopyGroups {
    private final List<List<Subject>> exact = new ArrayList<>();
    private final List<List<Subject>> near = new ArrayList<>();
    private final List<List<Subject>> all = new ArrayList<>();
    private final Map<Subject, Double> similarity = new HashMap<>();
    private final Map<Subject, Integer> group = new HashMap<>();

    private CopyGroups() {}

    /** No copies. */
    static CopyGroups none() {
        return new CopyGroups();
    }

    /** The copies among {@code subjects} that findings tell of, and those that are rows of one file. */
    static CopyGroups of(List<Finding> findings, List<Subject> subjects) {
        Map<String, List<Integer>> byFile = new HashMap<>();
        for (int i = 0; i < subjects.size(); i++) {
            byFile.computeIfAbsent(subjects.get(i).labelled().file(), key -> new ArrayList<>())
                    .add(i);
        }
        var groups = new CopyGroups();
        var exact = groups.pairs(of(Kind.DUPLICATE, findings), byFile, subjects);
        byFile.values().forEach(rows -> exact.addAll(groups.pairs(rows, 1, subjects)));
        var near = groups.pairs(of(Kind.NEAR_DUPLICATE, findings), byFile, subjects);
        var both = new ArrayList<>(exact);
        both.addAll(near);
        Duplicates.groups(exact)
                .forEach(list ->
                        groups.exact.add(list.stream().map(subjects::get).toList()));
        for (List<Integer> list : Duplicates.groups(both)) {
            var members = list.stream().map(subjects::get).toList();
            groups.all.add(members);
            members.forEach(member -> groups.group.put(member, groups.all.size()));
            var inside = new HashSet<>(list);
            if (near.stream().anyMatch(pair -> inside.contains(pair.first()))) {
                groups.near.add(members);
            }
        }
        return groups;
    }

    private static List<Finding> of(Kind kind, List<Finding> findings) {
        return findings.stream().filter(finding -> finding.kind() == kind).toList();
    }

    private List<Duplicates.Pair> pairs(
            List<Finding> findings, Map<String, List<Integer>> byFile, List<Subject> subjects) {
        var pairs = new ArrayList<Duplicates.Pair>();
        for (Finding finding : findings) {
            var members = finding.files().stream()
                    .flatMap(file -> byFile.getOrDefault(file, List.of()).stream())
                    .sorted()
                    .toList();
            pairs.addAll(pairs(members, finding.similarity(), subjects));
        }
        return pairs;
    }

    private List<Duplicates.Pair> pairs(List<Integer> members, double similar, List<Subject> subjects) {
        var pairs = new ArrayList<Duplicates.Pair>();
        for (int i = 1; i < members.size(); i++) {
            pairs.add(new Duplicates.Pair(members.get(0), members.get(i), similar));
        }
        if (members.size() > 1) {
            members.forEach(member -> similarity.merge(subjects.get(member), similar, Math::max));
        }
        return pairs;
    }

    /** The groups of a list with two members or more that are still there. */
    List<List<Subject>> groups(Query.View view) {
        return switch (view) {
            case DUPLICATES -> there(exact);
            case NEAR_DUPLICATES -> there(near);
            case LEAKS ->
                there(all).stream()
                        .filter(members -> members.stream()
                                        .map(member -> member.labelled().split())
                                        .distinct()
                                        .count()
                                > 1)
                        .toList();
            case CONFLICTS ->
                there(all).stream()
                        .filter(members -> members.stream()
                                        .map(member ->
                                                new HashSet<>(member.labelled().labels()))
                                        .distinct()
                                        .count()
                                > 1)
                        .toList();
            default -> List.of();
        };
    }

    private static List<List<Subject>> there(List<List<Subject>> groups) {
        return groups.stream()
                .map(members ->
                        members.stream().filter(member -> !member.isGone()).toList())
                .filter(members -> members.size() > 1)
                .toList();
    }

    /** To its most similar copy; 0 for a picture without copies. */
    double similarity(Subject subject) {
        return similarity.getOrDefault(subject, 0.0);
    }

    /** The number of the group that it belongs to; copies have the same one, others 0. */
    int group(Subject subject) {
        return group.getOrDefault(subject, 0);
    }
}
