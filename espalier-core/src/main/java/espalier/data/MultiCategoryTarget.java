package espalier.data;

import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Any number of tags. */
record MultiCategoryTarget(ClassNames names) implements TargetBlock {
    @Override
    public String task() {
        return "tagging";
    }

    @Override
    public TargetBlock fit(List<List<String>> trainingLabels) {
        return new MultiCategoryTarget(names.fit(trainingLabels));
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
