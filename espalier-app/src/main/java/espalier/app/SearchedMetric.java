package espalier.app;

import espalier.interpret.Predictions;
import espalier.interpret.ThresholdSearch;
import espalier.metric.Direction;
import espalier.metric.Metric;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A metric of tags at the thresholds that are best for the items it is judged by, as the model file will have them: at 0.5 a
 * model that gives rare tags a probability of 0.2 looks worse than it is.
 */
final class SearchedMetric implements Metric {
    private final Metric metric;
    private final ThresholdSearch search;
    private final Consumer<List<Double>> found;
    private final List<float[]> scores = new ArrayList<>();
    private final List<float[]> targets = new ArrayList<>();
    private int labels;

    /**
     * @param metric one whose threshold is 0.5
     * @param found hears of the thresholds
     */
    SearchedMetric(Metric metric, ThresholdSearch search, Consumer<List<Double>> found) {
        this.metric = metric;
        this.search = search;
        this.found = found;
    }

    @Override
    public String name() {
        return metric.name();
    }

    @Override
    public Direction direction() {
        return metric.direction();
    }

    @Override
    public void update(Tensor scores, Tensor target) {
        labels = (int) scores.size(-1);
        this.scores.add(scores.toFloatArray());
        targets.add(target.toFloatArray());
    }

    @Override
    public OptionalDouble value() {
        float[] all = together(scores);
        if (all.length == 0) {
            return metric.fresh().value();
        }
        float[] hot = together(targets);
        double[] thresholds = search.best(predictions(all, hot));
        found.accept(Arrays.stream(thresholds).boxed().toList());
        for (int i = 0; i < all.length; i++) {
            double threshold = thresholds[thresholds.length == 1 ? 0 : i % labels];
            all[i] -= (float)
                    Math.log(threshold / (1 - threshold)); // above 0 where the probability is above the threshold
        }
        var judged = metric.fresh();
        try (var scope = Scope.open()) {
            int items = all.length / labels;
            judged.update(Tensor.of(all, items, labels), Tensor.of(hot, items, labels));
        }
        return judged.value();
    }

    private Predictions predictions(float[] all, float[] hot) {
        int items = all.length / labels;
        float[][] probabilities = new float[items][labels];
        boolean[][] has = new boolean[items][labels];
        for (int i = 0; i < all.length; i++) {
            probabilities[i / labels][i % labels] = (float) (1 / (1 + Math.exp(-all[i])));
            has[i / labels][i % labels] = hot[i] > 0.5;
        }
        var names = IntStream.range(0, labels).mapToObj(String::valueOf).toList();
        return Predictions.multiLabel(names, probabilities, has);
    }

    private static float[] together(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int next = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        return all;
    }

    @Override
    public Metric fresh() {
        return new SearchedMetric(metric, search, found);
    }

    @Override
    public Metric fitting(int classes) {
        return new SearchedMetric(metric.fitting(classes), search, found);
    }
}
