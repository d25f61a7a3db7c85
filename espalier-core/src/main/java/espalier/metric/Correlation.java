package espalier.metric;

import espalier.format.DType;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A score of how predicted numbers go with the right ones, from their means, variances and covariance, which are
 * updated batch by batch without loss of digits. Several outputs: the mean over them.
 *
 * @paper Chan, Golub and LeVeque 1983, "Algorithms for Computing the Sample Variance", The American Statistician 37,
 *     equation 2.1, for the merging of batches
 */
final class Correlation implements Metric {

    /** Sums over the items of one output; deviations are from the means. */
    record Moments(double n, double meanX, double meanY, double xx, double yy, double xy, double errors) {
        static final Moments NONE = new Moments(0, 0, 0, 0, 0, 0, 0);

        static Moments of(double[] x, double[] y) {
            double meanX = Arrays.stream(x).average().orElse(0);
            double meanY = Arrays.stream(y).average().orElse(0);
            double xx = 0;
            double yy = 0;
            double xy = 0;
            double errors = 0;
            for (int i = 0; i < x.length; i++) {
                xx += (x[i] - meanX) * (x[i] - meanX);
                yy += (y[i] - meanY) * (y[i] - meanY);
                xy += (x[i] - meanX) * (y[i] - meanY);
                errors += (x[i] - y[i]) * (x[i] - y[i]);
            }
            return new Moments(x.length, meanX, meanY, xx, yy, xy, errors);
        }

        Moments plus(Moments more) {
            double all = n + more.n;
            double share = n * more.n / all;
            double dx = more.meanX - meanX;
            double dy = more.meanY - meanY;
            return new Moments(
                    all,
                    meanX + dx * more.n / all,
                    meanY + dy * more.n / all,
                    xx + more.xx + dx * dx * share,
                    yy + more.yy + dy * dy * share,
                    xy + more.xy + dx * dy * share,
                    errors + more.errors);
        }

        /** Pearson's r; NaN where one of the two is constant. */
        double pearson() {
            return xy / Math.sqrt(xx * yy);
        }

        /** 1 - (sum of squared errors) / (sum of squared deviations); of constant targets 1 if all are met, else 0. */
        double r2() {
            return yy == 0 ? errors == 0 ? 1 : 0 : 1 - errors / yy;
        }
    }

    private final String name;
    private final ToDoubleFunction<Moments> score;
    private Moments[] outputs = {};

    Correlation(String name, ToDoubleFunction<Moments> score) {
        this.name = name;
        this.score = score;
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
        var more = columns(name, scores, target);
        if (outputs.length == 0) {
            outputs = new Moments[more.length];
            Arrays.fill(outputs, Moments.NONE);
        }
        Answers.checkOutputs(name, outputs.length, more.length);
        for (int k = 0; k < more.length; k++) {
            outputs[k] = outputs[k].plus(Moments.of(more[k][0], more[k][1]));
        }
    }

    @Override
    public OptionalDouble value() {
        double mean = Arrays.stream(outputs).mapToDouble(score).average().orElse(Double.NaN);
        return Double.isNaN(mean) ? OptionalDouble.empty() : OptionalDouble.of(mean);
    }

    @Override
    public Metric fresh() {
        return new Correlation(name, score);
    }

    /** Predicted and right values of each output, {@code [K][2][N]}. */
    static double[][][] columns(String metric, Tensor scores, Tensor target) {
        try (var off = Grad.off();
                var scope = Scope.open()) {
            Answers.difference(metric, scores, target);
            int n = Math.toIntExact(scores.size(0));
            double[] x = scores.to(DType.FLOAT64).toDoubleArray();
            double[] y = target.to(DType.FLOAT64).toDoubleArray();
            var columns = new double[x.length / n][2][n];
            for (int i = 0; i < x.length; i++) {
                columns[i % columns.length][0][i / columns.length] = x[i];
                columns[i % columns.length][1][i / columns.length] = y[i];
            }
            return columns;
        }
    }
}
