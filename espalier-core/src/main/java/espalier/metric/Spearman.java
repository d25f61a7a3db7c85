package espalier.metric;

import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank. Keeps two doubles for each
 * item and output; the mean over several outputs.
 */
final class Spearman implements Metric {
    private static final String NAME = "spearmanr";

    private final List<double[][][]> batches = new ArrayList<>();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Direction direction() {
        return Direction.HIGHER_IS_BETTER;
    }

    @Override
    public void update(Tensor scores, Tensor target) {
        var more = Correlation.columns(NAME, scores, target);
        Answers.checkOutputs(NAME, batches.isEmpty() ? more.length : batches.get(0).length, more.length);
        batches.add(more);
    }

    @Override
    public OptionalDouble value() {
        int outputs = batches.isEmpty() ? 0 : batches.get(0).length;
        double mean = IntStream.range(0, outputs)
                .mapToDouble(k -> Correlation.Moments.of(ranks(all(k, 0)), ranks(all(k, 1)))
                        .pearson())
                .average()
                .orElse(Double.NaN);
        return Double.isNaN(mean) ? OptionalDouble.empty() : OptionalDouble.of(mean);
    }

    private double[] all(int output, int side) {
        return batches.stream()
                .flatMapToDouble(batch -> Arrays.stream(batch[output][side]))
                .toArray();
    }

    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> Double.compare(values[a], values[b]))
                .mapToInt(i -> i)
                .toArray();
        double[] ranks = new double[values.length];
        for (int start = 0; start < order.length; ) {
            int end = start + 1;
            while (end < order.length && values[order[end]] == values[order[start]]) {
                end++;
            }
            for (int i = start; i < end; i++) {
                ranks[order[i]] = (start + end + 1) / 2.0;
            }
            start = end;
        }
        return ranks;
    }

    @Override
    public Metric fresh() {
        return new Spearman();
    }
}
