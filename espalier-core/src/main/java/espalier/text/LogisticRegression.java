package espalier.text;

import espalier.optim.Minimizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Logistic regression with an L2 penalty: multinomial for classes, one model for each tag. It finds what scikit-learn's
 * {@code LogisticRegression} finds, which minimises
 * {@code sum(weight * loss) * c + 0.5 * sum(w^2)} without a penalty on the bias, and as there two classes have one output.
 *
 * <p>The sums are made in an order that does not depend on the threads: the same data give the same weights.
 *
 * @param c how little the weights are held back, scikit-learn's {@code C}; above 0
 * @param maxIterations the most steps of L-BFGS
 * @param tolerance the greatest component of the gradient of the mean loss at which the search ends
 */
public record LogisticRegression(double c, int maxIterations, double tolerance) {
    /** Sums of gradients that are made at the same time, at most. */
    private static final int MOST_PARTS = 8;

    public LogisticRegression {
        if (!(c > 0 && c < Double.POSITIVE_INFINITY) || maxIterations < 1 || !(tolerance >= 0)) {
            throw new IllegalArgumentException(
                    "logistic regression needs c above 0, at least 1 iteration and a tolerance of"
                            + " at least 0, but got " + c + ", " + maxIterations + " and " + tolerance
                            + ". Maybe c is a penalty: give its reciprocal.");
        }
    }

    /** scikit-learn's defaults, but up to 1,000 iterations. */
    public static LogisticRegression of() {
        return new LogisticRegression(1, 1_000, 1e-4);
    }

    /** A copy with weights that are held back less, or more. */
    public LogisticRegression c(double c) {
        return new LogisticRegression(c, maxIterations, tolerance);
    }

    /** A copy that ends earlier, or later. */
    public LogisticRegression tolerance(double tolerance) {
        return new LogisticRegression(c, maxIterations, tolerance);
    }

    /** A copy with at most so many steps. */
    public LogisticRegression maxIterations(int maxIterations) {
        return new LogisticRegression(c, maxIterations, tolerance);
    }

    /**
     * What came out.
     *
     * @param model the weights
     * @param loss the mean loss with its penalty
     * @param iterations how many steps were made
     * @param converged whether the tolerance was met
     */
    public record Result(LinearModel model, double loss, int iterations, boolean converged) {}

    /**
     * Fits.
     *
     * @param x the features
     * @param targets what is to be said of each row
     * @param weights how much each row counts
     * @param start weights to start from, such as those for another {@code c}
     * @throws IllegalArgumentException when the numbers of rows differ
     */
    public Result fit(SparseRows x, TextTargets targets, float[] weights, Optional<LinearModel> start) {
        if (targets.size() != x.rows() || weights.length != x.rows()) {
            throw new IllegalArgumentException("there are " + x.rows() + " rows, " + targets.size() + " targets and "
                    + weights.length + " weights. Maybe they are of different parts.");
        }
        int outputs = targets.outputs();
        double[] first = start.filter(model -> model.features() == x.columns() && model.outputs() == outputs)
                .map(LinearModel::parameters)
                .orElseGet(() -> new double[Math.multiplyExact(x.columns() + 1, outputs)]);
        var result = Minimizer.standard()
                .iterations(maxIterations)
                .tolerance(tolerance)
                .minimize(new Loss(x, targets, weights), first);
        return new Result(
                new LinearModel(x.columns(), outputs, result.x()),
                result.value(),
                result.iterations(),
                result.converged());
    }

    /** The same with rows that all count alike, from weights of 0. */
    public LinearModel fit(SparseRows x, TextTargets targets) {
        float[] weights = new float[x.rows()];
        Arrays.fill(weights, 1);
        return fit(x, targets, weights, Optional.empty()).model();
    }

    /** The mean loss with its penalty. */
    private final class Loss implements Minimizer.Objective {
        private final SparseRows x;
        private final TextTargets targets;
        private final float[] weights;
        private final double sum;
        private final int outputs;
        private final double[][] parts;

        Loss(SparseRows x, TextTargets targets, float[] weights) {
            this.x = x;
            this.targets = targets;
            this.weights = weights;
            this.outputs = targets.outputs();
            double all = 0;
            for (float weight : weights) {
                all += weight;
            }
            this.sum = all;
            int worthwhile = x.size() / (2 * (x.columns() + 1));
            int count = Math.max(2, Math.min(MOST_PARTS, worthwhile));
            this.parts = new double[count][(x.columns() + 1) * outputs];
        }

        @Override
        public double at(double[] w, double[] gradient) {
            double[] losses = new double[parts.length];
            IntStream.range(0, parts.length).parallel().forEach(part -> losses[part] = part(part, w));
            double penalty = 1 / (c * sum);
            int penalised = x.columns() * outputs;
            double loss = 0;
            for (double one : losses) {
                loss += one;
            }
            double squares = 0;
            for (int i = 0; i < w.length; i++) {
                double slope = 0;
                for (double[] part : parts) {
                    slope += part[i];
                }
                gradient[i] = slope / sum;
                if (i < penalised) {
                    gradient[i] += penalty * w[i];
                    squares += w[i] * w[i];
                }
            }
            return loss / sum + 0.5 * penalty * squares;
        }

        /** The loss of some rows, whose gradient goes to the part's sum. */
        private double part(int part, double[] w) {
            double[] into = parts[part];
            Arrays.fill(into, 0);
            int from = (int) ((long) x.rows() * part / parts.length);
            int to = (int) ((long) x.rows() * (part + 1) / parts.length);
            int bias = x.columns() * outputs;
            double[] scores = new double[outputs];
            double loss = 0;
            for (int row = from; row < to; row++) {
                System.arraycopy(w, bias, scores, 0, outputs);
                x.multiply(row, w, outputs, scores);
                loss += weights[row] * targets.loss(row, scores);
                for (int k = 0; k < outputs; k++) {
                    scores[k] *= weights[row];
                    into[bias + k] += scores[k];
                }
                x.addOuter(row, scores, outputs, into);
            }
            return loss;
        }
    }
}
