package espalier.metric;

import espalier.format.DType;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A score of how well probabilities rank the items of a class above the others: the area under the ROC curve, and
 * average precision. Two classes: that of class 1; more classes: the mean of one against the others, as scikit-learn's
 * {@code ovr} with {@code macro}; {@link #multi}: the mean over labels.
 *
 * <p>Keeps one float for each item and class. A class whose score is not defined (without positive items, or for the ROC
 * without negative ones) is left out of the mean, where scikit-learn counts an average precision of 0; the value is
 * empty when none is defined.
 */
public final class RankScore implements Metric {
    private final String name;
    private final boolean multi;
    private final ToDoubleFunction<Ranking> score;
    private final List<float[]> probabilities = new ArrayList<>();
    private final List<boolean[]> truths = new ArrayList<>();

    private RankScore(String name, boolean multi, ToDoubleFunction<Ranking> score) {
        this.name = name;
        this.multi = multi;
        this.score = score;
    }

    static RankScore of(String name, ToDoubleFunction<Ranking> score) {
        return new RankScore(name, false, score);
    }

    /** Returns the same score for items with any number of labels. */
    public RankScore multi() {
        return new RankScore(name, true, score);
    }

    @Override
    public String name() {
        return multi ? name + "_multi" : name;
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
        double[] each = each();
        int first = !multi && each.length == 2 ? 1 : 0;
        return Arrays.stream(each)
                .skip(first)
                .filter(value -> !Double.isNaN(value))
                .average();
    }

    /** The value of each class or label, in order, NaN where it is not defined; empty before the first item. */
    public double[] each() {
        int labels = probabilities.isEmpty() ? 0 : probabilities.get(0).length;
        return IntStream.range(0, labels)
                .mapToDouble(label -> score.applyAsDouble(ranking(label)))
                .toArray();
    }

    private Ranking ranking(int label) {
        double[] scores = probabilities.stream().mapToDouble(row -> row[label]).toArray();
        boolean[] positive = new boolean[scores.length];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = truths.get(i)[label];
        }
        return Ranking.of(scores, positive);
    }

    @Override
    public Metric fresh() {
        return new RankScore(name, multi, score);
    }
}
