package espalier.data;

import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Any number of tags.
 *
 * @param firstScores the log-odds of each tag among the training items; empty before they are known
 */
record MultiCategoryTarget(ClassNames names, List<Double> firstScores) implements TargetBlock {
    @Override
    public String task() {
        return "tagging";
    }

    @Override
    public TargetBlock fit(List<List<String>> trainingLabels) {
        var fitted = names.fit(trainingLabels);
        long[] counts = fitted.counts(
                trainingLabels.stream().flatMap(labels -> labels.stream().distinct()));
        int n = trainingLabels.size();
        return new MultiCategoryTarget(
                fitted,
                Arrays.stream(counts)
                        .mapToObj(count -> Math.log((count + 0.5) / (n - count + 0.5)))
                        .toList());
    }

    @Override
    public List<String> classes() {
        return names.names();
    }

    @Override
    public Optional<String> reject(List<String> labels) {
        return names.unknown(labels);
    }

    @Override
    public Tensor collate(List<List<String>> labels) {
        int classes = classes().size();
        float[] hot = new float[labels.size() * classes];
        IntStream.range(0, labels.size())
                .forEach(n -> labels.get(n).forEach(label -> hot[n * classes + names.position(label)] = 1));
        return Tensor.of(hot, labels.size(), classes); // [N, K]
    }

    @Override
    public Loss loss() {
        return Losses.bceWithLogits();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metrics.accuracyMulti());
    }

    @Override
    public List<Double> thresholds() {
        return Collections.nCopies(classes().size(), 0.5);
    }
}
