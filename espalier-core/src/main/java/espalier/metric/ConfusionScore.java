package espalier.metric;

import espalier.format.DType;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A score of the whole confusion matrix, {@code [right class, predicted class]}, which is what is kept. Items have one
 * label each, or (with a threshold) any number of labels, each of which is an answer of yes or no. A score that is NaN,
 * as where it divides nothing by nothing, is empty.
 */
final class ConfusionScore implements Metric {
    private final String name;
    private final double threshold;
    private final ToDoubleFunction<double[][]> score;
    private double[][] matrix = {};

    private ConfusionScore(String name, double threshold, ToDoubleFunction<double[][]> score) {
        this.name = name;
        this.threshold = threshold;
        this.score = score;
    }

    static ConfusionScore of(String name, ToDoubleFunction<double[][]> score) {
        return new ConfusionScore(name, Double.NaN, score);
    }

    static ConfusionScore multi(String name, double threshold, ToDoubleFunction<double[][]> score) {
        Answers.checkThreshold(threshold);
        return new ConfusionScore(name, threshold, score);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Direction direction() {
        return Direction.HIGHER_IS_BETTER;
    }

    @Override
    public void update(Tensor scores, Tensor target) {
        try (var off = Grad.off();
                var scope = Scope.open()) {
            if (Double.isNaN(threshold)) {
                Tensor actual = Answers.classes(name, scores, target);
                count(actual, Answers.predicted(scores), Math.toIntExact(scores.size(1)));
            } else {
                Tensor said = Answers.labels(name, scores, target, threshold);
                count(
                        target.gt(0.5).to(DType.INT64).flatten(),
                        said.to(DType.INT64).flatten(),
                        2);
            }
        }
    }

    private void count(Tensor actual, Tensor predicted, int classes) {
        if (matrix.length == 0) {
            matrix = new double[classes][classes];
        }
        if (matrix.length != classes) {
            throw new ShapeException(name + ": expected " + matrix.length + " classes as before, received " + classes
                    + ". Maybe it belongs to another evaluation: take a fresh() one.");
        }
        long[] rows = actual.toLongArray();
        long[] columns = predicted.toLongArray();
        for (int i = 0; i < rows.length; i++) {
            matrix[(int) rows[i]][(int) columns[i]]++;
        }
    }

    @Override
    public OptionalDouble value() {
        if (matrix.length == 0) {
            return OptionalDouble.empty();
        }
        double value = score.applyAsDouble(matrix);
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public Metric fresh() {
        return new ConfusionScore(name, threshold, score);
    }

    /** The mean over the classes that occur of the share of their items that are recognised. */
    static double balancedAccuracy(double[][] matrix) {
        double sum = 0;
        int classes = 0;
        for (int k = 0; k < matrix.length; k++) {
            double items = row(matrix, k);
            if (items > 0) {
                sum += matrix[k][k] / items;
                classes++;
            }
        }
        return sum / classes;
    }

    /** The correlation between right and predicted classes; 0 where one of them is always the same. */
    static double matthews(double[][] matrix) {
        double all = 0;
        double right = 0;
        double both = 0;
        double rows = 0;
        double columns = 0;
        for (int k = 0; k < matrix.length; k++) {
            double row = row(matrix, k);
            double column = column(matrix, k);
            all += row;
            right += matrix[k][k];
            both += row * column;
            rows += row * row;
            columns += column * column;
        }
        double spread = (all * all - columns) * (all * all - rows);
        return spread == 0 ? 0 : (right * all - both) / Math.sqrt(spread);
    }

    /** One minus the weighted disagreement over that of independent answers of the same frequencies. */
    static double kappa(double[][] matrix, Agreement agreement) {
        double all = 0;
        double observed = 0;
        double expected = 0;
        for (int i = 0; i < matrix.length; i++) {
            all += row(matrix, i);
            for (int j = 0; j < matrix.length; j++) {
                double weight = agreement.weight(i, j);
                observed += weight * matrix[i][j];
                expected += weight * row(matrix, i) * column(matrix, j);
            }
        }
        return 1 - observed * all / expected;
    }

    private static double row(double[][] matrix, int k) {
        double sum = 0;
        for (double cell : matrix[k]) {
            sum += cell;
        }
        return sum;
    }

    private static double column(double[][] matrix, int k) {
        double sum = 0;
        for (double[] row : matrix) {
            sum += row[k];
        }
        return sum;
    }
}
