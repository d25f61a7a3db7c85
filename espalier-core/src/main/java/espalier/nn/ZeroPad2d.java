package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Tensor;

/**
 * Adds zeros at the sides of pictures; a negative number takes pixels away.
 *
 * @shape {@code [N, C, H, W]} to {@code [N, C, top + H + bottom, left + W + right]}
 */
public final class ZeroPad2d extends Module {
    private final long[] sides; // left, right, top, bottom: PyTorch's order

    private ZeroPad2d(long... sides) {
        this.sides = sides;
    }

    /** The same at all four sides, in pixels. */
    public static ZeroPad2d of(int padding) {
        return of(padding, padding, padding, padding);
    }

    /** So many pixels at each side. */
    public static ZeroPad2d of(int left, int right, int top, int bottom) {
        return new ZeroPad2d(left, right, top, bottom);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.padConstant(x, 0, sides));
    }
}
