package espalier.train;

import espalier.optim.Minimizer;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Logistic regression on vectors, with L2 regularisation: the best linear head on features that do not change. For classes
 * that exclude each other (softmax), or for any number of labels (a sigmoid each).
 *
 * <p>Minimised is the mean cross entropy (of labels: summed over them, as each is a regression of its own) plus
 * {@code strength / (2 N) * |W|^2}, for features that were standardised to mean 0 and deviation 1; the bias is free. So
 * {@code strength} is scikit-learn's {@code 1 / C} with its {@code StandardScaler}.
 *
 * @shape features {@code [N, F]}, targets {@code [N, K]} of 0 and 1, scores {@code [N, K]}
 */
public final class LogisticRegression {
    private static final double LEAST_DEVIATION = 1e-6;

    /** The largest part of the gradient of the summed loss where a search ends. */
    private static final double EXACT = 1e-4;

    /** That of the mean loss, scikit-learn's default. */
    private static final double ROUGH = 1e-4;

    private final boolean exclusive;
    private final int features;
    private final int classes;
    private final double[] mean;
    private final double[] deviation;
    private final double[] weights;
    private final double[] inner;

    private LogisticRegression(Problem problem, double[] weights, double[] inner) {
        this.inner = inner;
        this.exclusive = problem.exclusive;
        this.features = problem.features;
        this.classes = problem.classes;
        this.mean = problem.mean;
        this.deviation = problem.deviation;
        this.weights = weights;
    }

    /**
     * What is to be fitted, made ready: features standardised once for any number of strengths.
     *
     * <p>Not thread-safe; frees its tensors when closed.
     */
    public static final class Problem implements AutoCloseable {
        private final boolean exclusive;
        private final int items;
        private final int features;
        private final int classes;
        private final float[] targets;
        private final double[] importance;
        private final double[] mean;
        private final double[] deviation;
        private final Optional<RowSpace> space;
        private final int dimensions;
        private final Tensor wide;
        private final Tensor x;
        private final Tensor xt;

        /**
         * A regression of rows.
         *
         * @param rows the features, all of one length
         * @param targets what is 1 and what is 0, one row for each
         * @param importance how much each row counts; 1 on average
         * @param exclusive whether just one of a row's targets is 1 (softmax), or any number (sigmoid)
         */
        public Problem(float[][] rows, float[][] targets, double[] importance, boolean exclusive) {
            if (rows.length == 0 || rows.length != targets.length || rows.length != importance.length) {
                throw new IllegalArgumentException("a regression needs rows with a target each, received " + rows.length
                        + " rows, " + targets.length + " targets and " + importance.length + " importances.");
            }
            this.exclusive = exclusive;
            this.items = rows.length;
            this.features = rows[0].length;
            this.classes = targets[0].length;
            this.importance = importance.clone();
            this.targets = flat(targets, classes);
            this.mean = new double[features];
            this.deviation = new double[features];
            try (var scope = Scope.open()) {
                float[] standardised = standardised(rows);
                wide = scope.keep(Tensor.of(standardised, items, features)); // [N, F]
                space = RowSpace.pays(items, features) ? Optional.of(RowSpace.of(wide)) : Optional.empty();
                dimensions = space.isPresent() ? items : features; // D
                x = space.map(own -> scope.keep(Tensor.of(own.rows(), items, items)))
                        .orElse(wide); // [N, D]
                xt = scope.keep(x.t().contiguous()); // [D, N]
            }
        }

        private float[] standardised(float[][] rows) {
            for (float[] row : rows) {
                for (int f = 0; f < features; f++) {
                    mean[f] += row[f] / (double) items;
                }
            }
            for (float[] row : rows) {
                for (int f = 0; f < features; f++) {
                    deviation[f] += (row[f] - mean[f]) * (row[f] - mean[f]) / items;
                }
            }
            float[] all = new float[items * features];
            for (int f = 0; f < features; f++) {
                deviation[f] = Math.max(Math.sqrt(deviation[f]), LEAST_DEVIATION);
                for (int n = 0; n < items; n++) {
                    all[n * features + f] = (float) ((rows[n][f] - mean[f]) / deviation[f]);
                }
            }
            return all;
        }

        /** The regression of a strength. */
        public LogisticRegression fit(double strength) {
            return fit(strength, new double[(dimensions + 1) * classes], EXACT / items);
        }

        /** The same, which starts from this problem's regression of another strength. */
        public LogisticRegression fit(double strength, LogisticRegression from) {
            return fit(strength, from.inner, EXACT / items);
        }

        /** The regression of a strength, as nearly as comparing strengths needs: a fraction of the time. */
        public LogisticRegression roughly(double strength) {
            return fit(strength, new double[(dimensions + 1) * classes], ROUGH);
        }

        /** The same, which starts from this problem's regression of another strength. */
        public LogisticRegression roughly(double strength, LogisticRegression from) {
            return fit(strength, from.inner, ROUGH);
        }

        private LogisticRegression fit(double strength, double[] start, double tolerance) {
            var minimum = Minimizer.standard()
                    .tolerance(tolerance)
                    .minimize((weights, gradient) -> at(weights, gradient, strength / items), start);
            return new LogisticRegression(this, ofFeatures(minimum.x()), minimum.x());
        }

        /** Weights and biases of the features, {@code [F + 1, K]}. */
        private double[] ofFeatures(double[] inner) {
            if (space.isEmpty()) {
                return inner;
            }
            double[] weights = new double[(features + 1) * classes];
            try (var scope = Scope.open()) {
                double[] combined = space.get().combination(inner, classes);
                double[] own = wide.t()
                        .matmul(Tensor.of(floats(combined), items, classes)) // [F, K]
                        .toDoubleArray();
                System.arraycopy(own, 0, weights, 0, own.length);
            }
            System.arraycopy(inner, dimensions * classes, weights, features * classes, classes);
            return weights;
        }

        /** Weights lie dimension by dimension, the biases last: {@code [D + 1, K]}. */
        private double at(double[] weights, double[] gradient, double decay) {
            int size = dimensions * classes;
            double value = 0;
            try (var scope = Scope.open()) {
                float[] scores = x.matmul(matrix(weights)).toFloatArray(); // [N, K]
                float[] slopes = new float[items * classes];
                double[] row = new double[classes];
                for (int n = 0; n < items; n++) {
                    for (int k = 0; k < classes; k++) {
                        row[k] = scores[n * classes + k] + weights[size + k];
                    }
                    value += importance[n] / items * loss(row, n, slopes);
                }
                float[] product = xt.matmul(Tensor.of(slopes, items, classes)).toFloatArray(); // [D, K]
                Arrays.fill(gradient, size, gradient.length, 0);
                for (int i = 0; i < size; i++) {
                    value += decay / 2 * weights[i] * weights[i];
                    gradient[i] = product[i] + decay * weights[i];
                }
                for (int i = 0; i < slopes.length; i++) {
                    gradient[size + i % classes] += slopes[i];
                }
            }
            return value;
        }

        /** The loss of one row; its slopes by the scores go into {@code slopes}. */
        private double loss(double[] scores, int n, float[] slopes) {
            double loss = 0;
            double most = exclusive ? logSumExp(scores) : 0;
            for (int k = 0; k < classes; k++) {
                int at = n * classes + k;
                double probability;
                if (exclusive) {
                    probability = Math.exp(scores[k] - most);
                    loss += targets[at] * (most - scores[k]);
                } else {
                    double small = Math.exp(-Math.abs(scores[k]));
                    probability = (scores[k] >= 0 ? 1 : small) / (1 + small);
                    loss += Math.max(scores[k], 0) - targets[at] * scores[k] + Math.log(1 + small);
                }
                slopes[at] = (float) (importance[n] / items * (probability - targets[at]));
            }
            return loss;
        }

        private Tensor matrix(double[] weights) {
            return Tensor.of(floats(Arrays.copyOf(weights, dimensions * classes)), dimensions, classes); // [D, K]
        }

        private static float[] floats(double[] values) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            return floats;
        }

        @Override
        public void close() {
            wide.close();
            x.close();
            xt.close();
        }

        private static float[] flat(float[][] rows, int columns) {
            float[] flat = new float[rows.length * columns];
            for (int n = 0; n < rows.length; n++) {
                System.arraycopy(rows[n], 0, flat, n * columns, columns);
            }
            return flat;
        }
    }

    /** The weight for features as they come, {@code [K, F]} row by row: standardisation is part of it. */
    public float[] weight() {
        float[] weight = new float[classes * features];
        for (int f = 0; f < features; f++) {
            for (int k = 0; k < classes; k++) {
                weight[k * features + f] = (float) (weights[f * classes + k] / deviation[f]);
            }
        }
        return weight;
    }

    /** The bias that goes with it, {@code [K]}. */
    public float[] bias() {
        float[] bias = new float[classes];
        for (int k = 0; k < classes; k++) {
            double sum = weights[features * classes + k];
            for (int f = 0; f < features; f++) {
                sum -= weights[f * classes + k] * mean[f] / deviation[f];
            }
            bias[k] = (float) sum;
        }
        return bias;
    }

    /** The probabilities of a row's classes or labels. */
    public double[] probabilities(float[] row) {
        double[] scores = new double[classes];
        System.arraycopy(weights, features * classes, scores, 0, classes);
        for (int f = 0; f < features; f++) {
            double x = (row[f] - mean[f]) / deviation[f];
            for (int k = 0; k < classes; k++) {
                scores[k] += x * weights[f * classes + k];
            }
        }
        double most = exclusive ? logSumExp(scores) : 0;
        for (int k = 0; k < classes; k++) {
            scores[k] = exclusive ? Math.exp(scores[k] - most) : sigmoid(scores[k]);
        }
        return scores;
    }

    private static double logSumExp(double[] scores) {
        double most = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            most = Math.max(most, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - most);
        }
        return most + Math.log(sum);
    }

    private static double sigmoid(double score) {
        return score >= 0 ? 1 / (1 + Math.exp(-score)) : Math.exp(score) / (1 + Math.exp(score));
    }
}
