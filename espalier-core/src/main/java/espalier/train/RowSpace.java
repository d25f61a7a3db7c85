package espalier.train;

import espalier.tensor.Scope;
import espalier.tensor.Tensor;

/**
 * A few long rows in as many dimensions as there are rows. A linear model with an L2 penalty never leaves the space that its rows
 * span, so it is the same model there, at a fraction of the cost: {@code X = L Qᵀ} with orthonormal {@code Q}, where {@code L} is
 * the Cholesky factor of {@code X Xᵀ}.
 *
 * @param factor {@code L}, lower triangular, {@code [N, N]} row by row
 * @param items N
 */
record RowSpace(double[] factor, int items) {
    /** What is added to the diagonal, as a share of it: rows may depend on each other. */
    private static final double JITTER = 1e-5;

    /** Whether it is worth it: the factor costs a third of N cubed. */
    static boolean pays(int items, int features) {
        return 2 * items <= features;
    }

    /** @param x {@code [N, F]} */
    static RowSpace of(Tensor x) {
        int n = (int) x.size(0);
        double[] a = new double[n * n];
        try (var scope = Scope.open()) {
            float[] products = x.matmul(x.t()).toFloatArray(); // [N, N]
            for (int i = 0; i < a.length; i++) {
                a[i] = products[i];
            }
        }
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += a[i * n + i] / n;
        }
        double least = Math.max(JITTER * mean, Double.MIN_NORMAL);
        for (int i = 0; i < n; i++) {
            a[i * n + i] += least;
            for (int j = 0; j <= i; j++) {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i * n + k] * a[j * n + k];
                }
                a[i * n + j] = i == j ? Math.sqrt(Math.max(sum, least / 2)) : sum / a[j * n + j];
            }
            for (int j = i + 1; j < n; j++) {
                a[i * n + j] = 0;
            }
        }
        return new RowSpace(a, n);
    }

    /** The rows in this space. @shape {@code [N, N]} */
    float[] rows() {
        float[] rows = new float[factor.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) factor[i];
        }
        return rows;
    }

    /** What weights of this space, {@code [N, K]}, become times {@code Xᵀ}: those of the features, {@code [F, K]}. */
    double[] combination(double[] weights, int columns) {
        double[] solved = new double[items * columns];
        for (int i = items - 1; i >= 0; i--) {
            for (int k = 0; k < columns; k++) {
                double sum = weights[i * columns + k];
                for (int j = i + 1; j < items; j++) {
                    sum -= factor[j * items + i] * solved[j * columns + k];
                }
                solved[i * columns + k] = sum / factor[i * items + i];
            }
        }
        return solved;
    }
}
