package espalier.vision.augment;

/**
 * Where each pixel of one output picture comes from: a projective map of positions that run from -1 to 1 in
 * x (left to right) and in y (top to bottom), the centres of the corner pixels being at -1 and 1.
 *
 * <p>The source of an output position {@code p} is {@code P(A(w(p)))}: the window last added, then the product
 * of all affine maps, then the perspectives. As in fastai, affine maps are given for a square and corrected
 * for the picture's aspect as a product, and perspectives come after all of them in whatever order they are
 * added. The windows are Espalier's: fastai crops in a second sampling.
 */
public final class CoordinateMap {
    private final int height;
    private final int width;
    private double[] affine = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    private double[] perspective = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    private double[] window = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private CoordinateMap(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /** The map that leaves a picture of {@code height} and {@code width} pixels as it is. */
    static CoordinateMap of(int height, int width) {
        return new CoordinateMap(height, width);
    }

    /** The height of the source picture, in pixels. */
    public int height() {
        return height;
    }

    /** The width of the source picture, in pixels. */
    public int width() {
        return width;
    }

    /** Adds the affine map {@code x' = a x + b y + c, y' = d x + e y + f}, given as {@code a, b, c, d, e, f}. */
    public CoordinateMap affine(double... rows) {
        if (rows.length != 6) {
            throw new IllegalArgumentException("expected the 6 numbers of an affine map, received " + rows.length);
        }
        affine = product(affine, new double[] {rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], 0, 0, 1});
        return this;
    }

    /**
     * Adds the perspective {@code x' = (c0 x + c1 y + c2) / (c6 x + c7 y + 1), y' = (c3 x + c4 y + c5) / (same)},
     * given by its 8 coefficients.
     */
    public CoordinateMap perspective(double... c) {
        if (c.length != 8) {
            throw new IllegalArgumentException("expected the 8 coefficients of a perspective, received " + c.length);
        }
        perspective = product(new double[] {c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], 1}, perspective);
        return this;
    }

    /** Makes the output show only this rectangle of the result, in pixels of a picture as large as the source. */
    public CoordinateMap window(double left, double top, double windowWidth, double windowHeight) {
        double spanX = Math.max(1, width - 1);
        double spanY = Math.max(1, height - 1);
        double scaleX = Math.max(0, windowWidth - 1) / spanX;
        double scaleY = Math.max(0, windowHeight - 1) / spanY;
        double shiftX = 2 * left / spanX + scaleX - 1;
        double shiftY = 2 * top / spanY + scaleY - 1;
        window = product(window, new double[] {scaleX, 0, shiftX, 0, scaleY, shiftY, 0, 0, 1});
        return this;
    }

    /** The whole map as a 3 x 3 matrix on (x, y, 1), row by row. */
    double[] matrix() {
        double[] corrected = affine.clone();
        corrected[1] *= (double) height / width;
        corrected[3] *= (double) width / height;
        return product(perspective, product(corrected, window));
    }

    static double[] product(double[] a, double[] b) {
        double[] c = new double[9];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                c[3 * row + column] =
                        a[3 * row] * b[column] + a[3 * row + 1] * b[3 + column] + a[3 * row + 2] * b[6 + column];
            }
        }
        return c;
    }
}
