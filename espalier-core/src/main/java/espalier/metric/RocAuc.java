package espalier.metric;

import espalier.tensor.DType;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The area under the ROC curve: the probability that a positive item gets a higher score than a negative one, ties
 * counting half. Two classes: that of class 1; more classes: the mean of one against the others, as scikit-learn's
 * {@code ovr} with {@code macro}; {@link #multi}: the mean over labels.
 *
 * <p>Keeps one float for each item and class. A class without positive or without negative items has no area and is
 * left out of the mean; the value is empty when none has one.
 */
public final class RocAuc implements Metric {
    private final boolean multi;
    private final List<float[]> probabilities = new ArrayList<>();
    private final List<boolean[]> truths = new ArrayList<>();

    private RocAuc(boolean multi) {
        this.multi = multi;
    }

    static RocAuc standard() {
        return new RocAuc(false);
    }

    /** The same for items with any number of labels. */
    public RocAuc multi() {
        return new RocAuc(true);
    }

    @Override
    public String name() {
        return multi ? "roc_auc_score_multi" : "roc_auc_score";
    }

    @Override
    public Direction direction() {
        return Direction.HIGHER_IS_BETTER;
    }

    @Override
    public void update(Tensor scores, Tensor target) {
        try (var off = Grad.off();
                var scope = Scope.open()) {
            Tensor truth;
            if (multi) {
                Answers.labels(name(), scores, target, 0);
                truth = target.gt(0.5);
            } else {
                truth = Functional.oneHot(Answers.classes(name(), scores, target), scores.size(1));
            }
            int labels = Math.toIntExact(scores.size(1));
            if (!probabilities.isEmpty() && probabilities.get(0).length != labels) {
                throw new ShapeException(
                        name() + ": expected " + probabilities.get(0).length + " classes as before, received " + labels
                                + ". Maybe it belongs to another evaluation: take a fresh() one.");
            }
            Tensor precise = scores.to(DType.FLOAT32);
            float[] values = (multi ? precise.sigmoid() : Functional.softmax(precise, 1)).toFloatArray();
            long[] right = truth.toLongArray();
            for (int i = 0; i < values.length; i += labels) {
                probabilities.add(Arrays.copyOfRange(values, i, i + labels));
                boolean[] row = new boolean[labels];
                for (int k = 0; k < labels; k++) {
                    row[k] = right[i + k] != 0;
                }
                truths.add(row);
            }
        }
    }

    @Override
    public OptionalDouble value() {
        if (probabilities.isEmpty()) {
            return OptionalDouble.empty();
        }
        int labels = probabilities.get(0).length;
        int first = !multi && labels == 2 ? 1 : 0;
        return IntStream.range(first, labels)
                .mapToDouble(this::area)
                .filter(area -> !Double.isNaN(area))
                .average();
    }

    /** By ranks (Mann and Whitney), equal scores sharing their mean rank; NaN without both kinds of items. */
    private double area(int label) {
        int n = probabilities.size();
        var order = IntStream.range(0, n)
                .boxed()
                .sorted((a, b) -> Float.compare(score(a, label), score(b, label)))
                .mapToInt(i -> i)
                .toArray();
        double rankSum = 0;
        long positives = 0;
        for (int start = 0; start < n; ) {
            int end = start;
            while (end < n && score(order[end], label) == score(order[start], label)) {
                end++;
            }
            end = Math.max(end, start + 1); // a NaN equals nothing, not even itself
            for (int i = start; i < end; i++) {
                if (truths.get(order[i])[label]) {
                    rankSum += (start + end + 1) / 2.0;
                    positives++;
                }
            }
            start = end;
        }
        double pairs = (double) positives * (n - positives);
        return pairs == 0 ? Double.NaN : (rankSum - positives * (positives + 1) / 2.0) / pairs;
    }

    private float score(int item, int label) {
        return probabilities.get(item)[label];
    }

    @Override
    public Metric fresh() {
        return new RocAuc(multi);
    }
}
