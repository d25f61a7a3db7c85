package espalier.vision.augment;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Shows a picture as if seen from another side: a perspective that moves the corners.
 *
 * @param magnitude the largest move of a corner, as a share of half a side, in each direction; moves are uniform
 * @param p the probability, for the two directions apart
 */
public record Warp(double magnitude, double p) implements Geometry {
    /** Checks the ranges. */
    public Warp {
        Chance.below("magnitude", magnitude, 0, 1);
        Chance.probability("p", p);
    }

    /** The same with another magnitude, in [0, 1). */
    public Warp magnitude(double share) {
        return new Warp(share, p);
    }

    /** The same with another probability. */
    public Warp p(double probability) {
        return new Warp(magnitude, probability);
    }

    @Override
    public void draw(Rng rng, CoordinateMap map) {
        double x = Chance.uniform(rng, p, -magnitude, magnitude, 0);
        add(x, Chance.uniform(rng, p, -magnitude, magnitude, 0), map);
    }

    /**
     * Adds the perspective for moves {@code x} and {@code y} (fastai's names, whose x moves corners up and down).
     * It is the one that takes the corners of a trapezium back to those of the square.
     */
    static void add(double x, double y, CoordinateMap map) {
        double[][] corners = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
        double[][] moved = {{-1 - y, -1 - x}, {-1 + y, 1 + x}, {1 + y, -1 + x}, {1 - y, 1 - x}};
        double[][] rows = new double[8][];
        for (int i = 0; i < 4; i++) {
            double u = moved[i][0];
            double v = moved[i][1];
            double toX = corners[i][0];
            double toY = corners[i][1];
            rows[2 * i] = new double[] {u, v, 1, 0, 0, 0, -toX * u, -toX * v, toX};
            rows[2 * i + 1] = new double[] {0, 0, 0, u, v, 1, -toY * u, -toY * v, toY};
        }
        map.perspective(solve(rows));
    }

    /** Solves the linear equations whose last column is the right side; Gauss and Jordan with pivots. */
    private static double[] solve(double[][] rows) {
        int n = rows.length;
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                pivot = Math.abs(rows[row][column]) > Math.abs(rows[pivot][column]) ? row : pivot;
            }
            double[] found = rows[pivot];
            rows[pivot] = rows[column];
            rows[column] = found;
            for (int row = 0; row < n; row++) {
                double factor = row == column ? 0 : rows[row][column] / found[column];
                for (int k = column; k <= n && factor != 0; k++) {
                    rows[row][k] -= factor * found[k];
                }
            }
        }
        double[] solution = new double[n];
        for (int i = 0; i < n; i++) {
            solution[i] = rows[i][n] / rows[i][i];
        }
        return solution;
    }

    @Override
    public String name() {
        return "warp";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("magnitude", magnitude, "p", p);
    }
}
