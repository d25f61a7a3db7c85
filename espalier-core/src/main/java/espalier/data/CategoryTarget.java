package espalier.data;

import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One class of several. */
record CategoryTarget(ClassNames names) implements TargetBlock {
    @Override
    public String task() {
        return "classification";
    }

    @Override
    public TargetBlock fit(List<List<String>> trainingLabels) {
        return new CategoryTarget(names.fit(trainingLabels));
    }

    @Override
    public List<String> classes() {
        return names.names();
    }

    @Override
    public Optional<String> problem() {
        return classes().size() < 2
                ? Optional.of("there is only one class, " + classes()
                        + ". Maybe the root is one class's own folder: name the folder above it")
                : Optional.empty();
    }

    @Override
    public Optional<String> malformed(List<String> labels) {
        if (labels.stream().allMatch(String::isBlank)) {
            return Optional.of("has no label");
        }
        return labels.size() == 1 ? Optional.empty() : Optional.of("has " + labels.size() + " labels, not one");
    }

    @Override
    public Optional<String> reject(List<String> labels) {
        return malformed(labels).or(() -> names.unknown(labels));
    }

    @Override
    public Tensor collate(List<List<String>> labels) {
        long[] positions =
                labels.stream().mapToLong(one -> names.position(one.get(0))).toArray();
        return Tensor.of(positions, positions.length); // [N]
    }

    @Override
    public Loss loss() {
        return Losses.crossEntropy();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metrics.errorRate());
    }

    @Override
    public List<String> warnings(List<List<String>> validLabels) {
        var warnings = new ArrayList<String>();
        if (looksLikeTags()) {
            warnings.add("the " + classes().size() + " classes look like several tags in one text, such as \""
                    + classes().stream()
                            .filter(label -> label.contains(" "))
                            .findFirst()
                            .orElse("")
                    + "\": each combination is a class of its own. Maybe a model of tags was meant:"
                    + " --tags on the command line, Blocks.multiCategory() with Labels.separated in Java");
        }
        Set<String> judged = validLabels.stream().flatMap(Collection::stream).collect(Collectors.toSet());
        if (!validLabels.isEmpty()) {
            classes().stream()
                    .filter(label -> !judged.contains(label))
                    .forEach(label -> warnings.add("class " + label + " has no validation item"));
        }
        return warnings;
    }

    /** Names of several words have more words than there are names; combinations of a few tags have fewer. */
    private boolean looksLikeTags() {
        long words = classes().stream()
                .flatMap(label -> Stream.of(label.split(" ")))
                .distinct()
                .count();
        return words < classes().size();
    }
}
