package espalier.metric;

import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * A score that is counted: precision, recall, what lies between them, Jaccard and specificity, as scikit-learn computes
 * them from true and false positives and negatives ({@link Counts}); 0 / 0 counts as 0.
 *
 * <p>For items with one label each, the likeliest class is the answer, and the value is that of the positive class,
 * class 1 (the alphabetically second), unless another {@link #average} is chosen. {@link #multi} is for items with any
 * number of labels.
 *
 * <p>The options return new metrics that have seen nothing.
 */
public final class CountScore implements Metric {

    /** What is measured. */
    enum Kind {
        F,
        JACCARD,
        PRECISION,
        RECALL,
        SPECIFICITY
    }

    private record Options(Kind kind, String name, double beta, Average average, int positive, double threshold) {}

    /** Stands for: one label for each item. */
    private static final double SINGLE = Double.NaN;

    private final Options options;
    private long[] right = {};
    private long[] predicted = {};
    private long[] actual = {};
    private double sampleSum;
    private long items;

    private CountScore(Options options) {
        this.options = options;
    }

    static CountScore of(Kind kind, String name) {
        return of(kind, name, 1);
    }

    static CountScore of(Kind kind, String name, double beta) {
        if (!(beta > 0)) {
            throw new IllegalArgumentException("beta must be positive, received " + beta + ".");
        }
        return new CountScore(new Options(kind, name, beta, Average.BINARY, 1, SINGLE));
    }

    /**
     * Returns the same score with another average over the classes.
     *
     * @throws IllegalArgumentException for {@code SAMPLES} with one label for each item
     */
    public CountScore average(Average average) {
        if (average == Average.SAMPLES && Double.isNaN(options.threshold)) {
            throw new IllegalArgumentException(options.name + ": the average SAMPLES is for items with several labels."
                    + " Maybe call multi(threshold) first.");
        }
        return new CountScore(
                new Options(options.kind, options.name, options.beta, average, options.positive, options.threshold));
    }

    /** Returns the same score with another positive class for {@link Average#BINARY}. */
    public CountScore positive(int classIndex) {
        return new CountScore(
                new Options(options.kind, options.name, options.beta, options.average, classIndex, options.threshold));
    }

    /**
     * Returns the same score for items with any number of labels, each given when its probability is above the threshold;
     * its average is macro.
     */
    public CountScore multi(double threshold) {
        Answers.checkThreshold(threshold);
        String name = options.name.endsWith("_multi") ? options.name : options.name + "_multi";
        return new CountScore(
                new Options(options.kind, name, options.beta, Average.MACRO, options.positive, threshold));
    }

    /** Returns the same score with another threshold; itself where items have one label each. */
    public CountScore threshold(double threshold) {
        Answers.checkThreshold(threshold);
        return Double.isNaN(options.threshold)
                ? this
                : new CountScore(new Options(
                        options.kind, options.name, options.beta, options.average, options.positive, threshold));
    }

    /** Returns the same score by another name, as for two averages of it in one table. */
    public CountScore named(String name) {
        return new CountScore(
                new Options(options.kind, name, options.beta, options.average, options.positive, options.threshold));
    }

    @Override
    public String name() {
        return options.name;
    }

    @Override
    public Direction direction() {
        return Direction.HIGHER_IS_BETTER;
    }

    @Override
    public Metric fitting(int classes) {
        return options.average == Average.BINARY && classes != 2 ? average(Average.MACRO) : fresh();
    }

    @Override
    public void update(Tensor scores, Tensor target) {
        try (var off = Grad.off();
                var scope = Scope.open()) {
            Tensor answers;
            Tensor truth;
            if (Double.isNaN(options.threshold)) {
                Tensor classes = Answers.classes(options.name, scores, target);
                answers = Functional.oneHot(Answers.predicted(scores), scores.size(1))
                        .ne(0);
                truth = Functional.oneHot(classes, scores.size(1)).ne(0);
            } else {
                answers = Answers.labels(options.name, scores, target, options.threshold);
                truth = target.gt(0.5);
            }
            count(answers, truth);
        }
    }

    private void count(Tensor answers, Tensor truth) {
        int labels = Math.toIntExact(answers.size(1));
        if (items > 0 && labels != right.length) {
            throw new ShapeException(options.name + ": expected " + right.length + " classes as before, received "
                    + labels + ". Maybe it belongs to another evaluation: take a fresh() one.");
        }
        if (options.average == Average.BINARY && (labels != 2 || !Double.isNaN(options.threshold))) {
            throw new IllegalArgumentException(options.name + ": the average BINARY is for two classes, received "
                    + labels + ". Maybe choose average(Average.MACRO).");
        }
        Tensor both = answers.logicalAnd(truth);
        right = sum(right, both.sum(0).toLongArray());
        predicted = sum(predicted, answers.sum(0).toLongArray());
        actual = sum(actual, truth.sum(0).toLongArray());
        items += answers.size(0);
        if (options.average == Average.SAMPLES) {
            long[] r = both.sum(1).toLongArray();
            long[] p = answers.sum(1).toLongArray();
            long[] a = truth.sum(1).toLongArray();
            for (int i = 0; i < r.length; i++) {
                sampleSum += score(r[i], p[i], a[i], labels);
            }
        }
    }

    private static long[] sum(long[] before, long[] more) {
        long[] sum = more.clone();
        for (int i = 0; i < before.length; i++) {
            sum[i] += before[i];
        }
        return sum;
    }

    @Override
    public OptionalDouble value() {
        if (items == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                switch (options.average) {
                    case BINARY -> each()[options.positive];
                    case MICRO -> score(total(right), total(predicted), total(actual), items * right.length);
                    case SAMPLES -> sampleSum / items;
                    case MACRO -> Arrays.stream(each()).sum() / right.length;
                    case WEIGHTED -> weighted();
                });
    }

    /** The value of each class or label, in order; empty before the first item. */
    public double[] each() {
        double[] values = new double[right.length];
        Arrays.setAll(values, i -> score(right[i], predicted[i], actual[i], items));
        return values;
    }

    private double weighted() {
        double[] values = each();
        double all = total(actual);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * actual[i];
        }
        return all == 0 ? 0 : sum / all;
    }

    private double score(long both, long answers, long truth, long all) {
        var counts = new Counts(both, answers - both, truth - both, all - answers - truth + both);
        return switch (options.kind) {
            case F -> counts.fBeta(options.beta, 0);
            case JACCARD -> counts.jaccard(0);
            case PRECISION -> counts.precision(0);
            case RECALL -> counts.recall(0);
            case SPECIFICITY -> counts.specificity(0);
        };
    }

    private static long total(long[] values) {
        return LongStream.of(values).sum();
    }

    @Override
    public Metric fresh() {
        return new CountScore(options);
    }
}
