package espalier.image;

/**
 * How a resized pixel is weighed from its neighbours. When a picture shrinks, the weights are stretched
 * by the same factor, so that every source pixel counts and nothing aliases (Pillow's behaviour;
 * Java2D and OpenCV do otherwise).
 */
public enum Interpolation {
    /** A triangle: weights fall off linearly over one pixel. */
    BILINEAR(1),
    /** Keys' cubic with a = -0.5 over two pixels: sharper, and may overshoot. */
    BICUBIC(2);

    private final double support;

    Interpolation(double support) {
        this.support = support;
    }

    /**
     * The weights of all samples of an axis, row by row for each resized sample: multiplied by them, {@code in} samples
     * become {@code out}, antialiased.
     *
     * @shape {@code [out, in]}
     */
    public float[] matrix(int in, int out) {
        return Weights.matrix(this, in, out);
    }

    /** The distance beyond which weights are zero, in pixels. */
    double support() {
        return support;
    }

    /** The weight, before normalisation, of a pixel at distance {@code x}. */
    double weight(double x) {
        double d = Math.abs(x);
        if (this == BILINEAR) {
            return d < 1 ? 1 - d : 0;
        }
        double a = -0.5;
        if (d < 1) {
            return ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
}
