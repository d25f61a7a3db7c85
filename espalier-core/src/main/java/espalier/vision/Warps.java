package espalier.vision;

import espalier.tensor.Functional;
import espalier.tensor.Interpolation;
import espalier.tensor.Tensor;

/**
 * Pictures that are tensors {@code [..., C, H, W]} turned, moved, sheared and seen from the side, as torchvision's functions of
 * these names. What comes from outside is black.
 */
public final class Warps {
    private Warps() {}

    /** What a pixel of the result is. */
    public enum Sampling {
        /** The mean of the four pixels around, by their distance. */
        BILINEAR,
        /** The nearest pixel: for masks, whose values must not be mixed. Torchvision's default for rotations. */
        NEAREST
    }

    /**
     * An affine map about the picture's centre.
     *
     * @param degrees how far the picture is turned, clockwise
     * @param right how far it then moves to the right, in pixels
     * @param down how far it moves down, in pixels
     * @param scale how much larger it becomes, 1 for not at all
     * @param shearX how far its columns lean, in degrees
     * @param shearY how far its rows lean, in degrees
     */
    public record Affine(double degrees, double right, double down, double scale, double shearX, double shearY) {
        /** Checks the scale. */
        public Affine {
            if (!(scale > 0)) {
                throw new IllegalArgumentException(
                        "affine: the scale must be positive, received " + scale + ". Maybe 1 was meant.");
            }
        }

        /** Turned alone, clockwise. */
        public static Affine turn(double degrees) {
            return new Affine(degrees, 0, 0, 1, 0, 0);
        }

        /** From places of the result to places of the picture, in pixels from the centre: 2 rows of 3. */
        private double[][] inverse() {
            double rotation = Math.toRadians(degrees);
            double x = Math.toRadians(shearX);
            double y = Math.toRadians(shearY);
            double a = Math.cos(rotation - y) / Math.cos(y);
            double b = -a * Math.tan(x) - Math.sin(rotation);
            double c = Math.sin(rotation - y) / Math.cos(y);
            double d = -c * Math.tan(x) + Math.cos(rotation);
            double[][] rows = {{d / scale, -b / scale, 0}, {-c / scale, a / scale, 0}};
            for (double[] row : rows) {
                row[2] = -row[0] * right - row[1] * down;
            }
            return rows;
        }
    }

    /** The picture mapped by {@code affine}. */
    public static Tensor affine(Tensor x, Affine affine, Sampling sampling) {
        Crops.check("affine", x);
        long height = x.size(-2);
        long width = x.size(-1);
        double[][] rows = affine.inverse();
        double[][] theta = new double[2][3]; // of places from -1 to 1
        double[] half = {width / 2.0, height / 2.0};
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                theta[i][j] = rows[i][j] * (j < 2 ? half[j] : 1) / half[i];
            }
        }
        Tensor grid = Functional.affineGrid(
                Tensor.ofNested(new double[][][] {theta}).to(x.dtype()), height, width, false); // [1, H, W, 2]
        return sampled(x, grid, sampling);
    }

    /** The picture turned by {@code degrees} against the clock, about its centre. */
    public static Tensor rotate(Tensor x, double degrees, Sampling sampling) {
        return affine(x, Affine.turn(-degrees), sampling);
    }

    /**
     * The picture seen so that what was at {@code from} comes to {@code to}: four corners each, {@code {x, y}} in pixels.
     *
     * @throws IllegalArgumentException when there are not four of each, or three of them lie on a line
     */
    public static Tensor perspective(Tensor x, double[][] from, double[][] to, Sampling sampling) {
        Crops.check("perspective", x);
        double[] c = coefficients(from, to);
        int height = (int) x.size(-2);
        int width = (int) x.size(-1);
        double[][][][] grid = new double[1][height][width][2];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double u = column + 0.5;
                double v = row + 0.5;
                double depth = c[6] * u + c[7] * v + 1;
                grid[0][row][column][0] = (c[0] * u + c[1] * v + c[2]) / (0.5 * width) / depth - 1;
                grid[0][row][column][1] = (c[3] * u + c[4] * v + c[5]) / (0.5 * height) / depth - 1;
            }
        }
        return sampled(x, Tensor.ofNested(grid).to(x.dtype()), sampling);
    }

    /** The eight numbers of the map from {@code to} back to {@code from}. */
    private static double[] coefficients(double[][] from, double[][] to) {
        if (from.length != 4 || to.length != 4) {
            throw new IllegalArgumentException(
                    "perspective: expected 4 points and where they go, received " + from.length + " and " + to.length
                            + ". Maybe the corners: {0, 0}, {w - 1, 0}, {w - 1, h - 1}, {0, h - 1}.");
        }
        double[][] rows = new double[8][];
        double[] right = new double[8];
        for (int i = 0; i < 4; i++) {
            double u = to[i][0];
            double v = to[i][1];
            rows[2 * i] = new double[] {u, v, 1, 0, 0, 0, -from[i][0] * u, -from[i][0] * v};
            rows[2 * i + 1] = new double[] {0, 0, 0, u, v, 1, -from[i][1] * u, -from[i][1] * v};
            right[2 * i] = from[i][0];
            right[2 * i + 1] = from[i][1];
        }
        Tensor equations = Tensor.ofNested(rows);
        if (Math.abs(equations.det().item()) < 1e-9) {
            throw new IllegalArgumentException(
                    "perspective: three of the points lie on a line. Maybe two are the same.");
        }
        return equations.solve(Tensor.of(right, 8)).toDoubleArray();
    }

    private static Tensor sampled(Tensor x, Tensor grid, Sampling sampling) {
        long height = x.size(-2);
        long width = x.size(-1);
        Tensor one = x.reshape(1, -1, height, width); // [1, all channels of all pictures, H, W]
        Tensor y = sampling == Sampling.NEAREST
                ? Interpolation.nearestSample(one, grid, Functional.Padding.ZEROS)
                : Functional.gridSample(one, grid, Functional.Padding.ZEROS, false);
        return y.reshape(x.shape().sizes());
    }

    /** The corners of a picture, clockwise from the upper left, as {@link #perspective} takes them. */
    static double[][] corners(long height, long width) {
        return new double[][] {{0, 0}, {width - 1, 0}, {width - 1, height - 1}, {0, height - 1}};
    }
}
