package espalier.metric;

import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Precision, recall and what lies between them, as scikit-learn computes them; 0 / 0 counts as 0.
 *
 * <p>{@code F = (1 + beta²) tp / ((1 + beta²) tp + beta² fn + fp)}. For one label an item the likeliest class is
 * the answer, and the value is that of the positive class, class 1 (the alphabetically second), unless another
 * {@link #average} is chosen. {@link #multi} is for items with any number of labels.
 *
 * <p>The options give new metrics that have seen nothing.
 */
public final class FScore implements Metric {

    /** What is measured. */
    enum Kind {
        PRECISION,
        RECALL,
        F
    }

    private record Options(Kind kind, String name, double beta, Average average, int positive, double threshold) {}

    /** Stands for: one label an item. */
    private static final double SINGLE = Double.NaN;

    private final Options options;
    private double[] right = {};
    private double[] predicted = {};
    private double[] actual = {};
    private double sampleSum;
    private long items;

    private FScore(Options options) {
        this.options = options;
    }

    static FScore of(Kind kind, String name, double beta) {
        if (!(beta > 0)) {
            throw new IllegalArgumentException("beta must be positive, received " + beta + ".");
        }
        return new FScore(new Options(kind, name, beta, Average.BINARY, 1, SINGLE));
    }

    /** The same over all classes. @throws IllegalArgumentException for {@code SAMPLES} with one label an item */
    public FScore average(Average average) {
        if (average == Average.SAMPLES && Double.isNaN(options.threshold)) {
            throw new IllegalArgumentException(options.name + ": the average SAMPLES is for items with several labels."
                    + " Maybe call multi(threshold) first.");
        }
        return new FScore(
                new Options(options.kind, options.name, options.beta, average, options.positive, options.threshold));
    }

    /** The same with another positive class for {@link Average#BINARY}. */
    public FScore positive(int classIndex) {
        return new FScore(
                new Options(options.kind, options.name, options.beta, options.average, classIndex, options.threshold));
    }

    /** The same for items with any number of labels, each given when its probability is above the threshold; macro average. */
    public FScore multi(double threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold must be 0 to 1, received " + threshold + ".");
        }
        String name = options.name.endsWith("_multi") ? options.name : options.name + "_multi";
        return new FScore(new Options(options.kind, name, options.beta, Average.MACRO, options.positive, threshold));
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
        right = sum(right, both.sum(0).toDoubleArray());
        predicted = sum(predicted, answers.sum(0).toDoubleArray());
        actual = sum(actual, truth.sum(0).toDoubleArray());
        items += answers.size(0);
        if (options.average == Average.SAMPLES) {
            double[] r = both.sum(1).toDoubleArray();
            double[] p = answers.sum(1).toDoubleArray();
            double[] a = truth.sum(1).toDoubleArray();
            for (int i = 0; i < r.length; i++) {
                sampleSum += score(r[i], p[i], a[i]);
            }
        }
    }

    private static double[] sum(double[] before, double[] more) {
        double[] sum = more.clone();
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
        int positive = options.positive;
        return OptionalDouble.of(
                switch (options.average) {
                    case BINARY -> score(right[positive], predicted[positive], actual[positive]);
                    case MICRO -> score(total(right), total(predicted), total(actual));
                    case SAMPLES -> sampleSum / items;
                    case MACRO -> total(each()) / right.length;
                    case WEIGHTED -> weighted();
                });
    }

    /** The value of each class or label, in order; empty before the first item. */
    public double[] each() {
        double[] values = new double[right.length];
        Arrays.setAll(values, i -> score(right[i], predicted[i], actual[i]));
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

    private double score(double both, double answers, double truth) {
        double squared = options.beta * options.beta;
        return switch (options.kind) {
            case PRECISION -> quotient(both, answers);
            case RECALL -> quotient(both, truth);
            case F -> quotient((1 + squared) * both, squared * truth + answers);
        };
    }

    private static double quotient(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    private static double total(double[] values) {
        return Arrays.stream(values).sum();
    }

    @Override
    public Metric fresh() {
        return new FScore(options);
    }
}
