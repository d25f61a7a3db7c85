package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.data.Splits.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a verification saw.
 *
 * @param directory the data set
 * @param pictures how many files were looked at as pictures, broken ones included
 * @param otherFiles how many files were passed over as no pictures by name and content
 * @param formats readable pictures by format
 * @param balance readable pictures by split (empty without splits) and label
 * @param findings everything that the owner should know, the gravest first, then by file
 */
public record VerifyReport(
        String directory,
        int pictures,
        int otherFiles,
        Map<String, Integer> formats,
        Map<String, Map<String, Integer>> balance,
        List<Finding> findings) {

    public VerifyReport {
        formats = new TreeMap<>(formats);
        balance = new TreeMap<>(balance);
        findings = List.copyOf(findings);
    }

    /** The findings of one kind. */
    public List<Finding> of(Kind kind) {
        return findings.stream().filter(finding -> finding.kind() == kind).toList();
    }

    /**
     * The findings without the duplicates that a leak or a conflict names already: for people, who would read the
     * same files twice.
     */
    public List<Finding> distinct() {
        var graver = findings.stream()
                .filter(finding -> finding.kind() == Kind.LEAK || finding.kind() == Kind.CONFLICT)
                .map(finding -> Set.copyOf(finding.files()))
                .toList();
        return findings.stream()
                .filter(finding -> (finding.kind() != Kind.DUPLICATE && finding.kind() != Kind.NEAR_DUPLICATE)
                        || graver.stream().noneMatch(files -> files.containsAll(finding.files())))
                .toList();
    }

    /**
     * The classes that can be learnt: the labels of readable pictures, in the part for training when there is one. Pictures in no
     * folder of their own have none.
     */
    public Set<String> classes() {
        var classes = new TreeSet<String>();
        boolean parted = balance.keySet().stream().anyMatch(VerifyReport::isForTraining);
        balance.forEach((split, labels) -> {
            if (isForTraining(split) || !parted) {
                classes.addAll(labels.keySet());
            }
        });
        classes.remove("");
        return Set.copyOf(classes);
    }

    private static boolean isForTraining(String split) {
        return Part.named(split).equals(Optional.of(Part.TRAIN));
    }

    /** How many findings there are of each kind that occurs. */
    public Map<Kind, Integer> counts() {
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        findings.forEach(finding -> counts.merge(finding.kind(), 1, Integer::sum));
        return counts;
    }

    /** Whether nothing was found that would make training go wrong. */
    public boolean isSound() {
        return findings.stream().noneMatch(finding -> finding.kind().isGrave());
    }

    /** The report as one JSON document. */
    public String toJson() {
        return JsonMapper.builder().build().writeValueAsString(this);
    }
}
