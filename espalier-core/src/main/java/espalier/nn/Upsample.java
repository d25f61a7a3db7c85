package espalier.nn;

import espalier.tensor.Interpolation;
import espalier.tensor.Tensor;

/**
 * Makes pictures larger by a whole factor, without parameters; corners are not aligned, as is PyTorch's default.
 *
 * @shape {@code [N, C, H, W]} to {@code [N, C, factor H, factor W]}
 */
public final class Upsample extends Module {
    private final int factor;
    private final Method method;

    /** A way to make one picture of another size. */
    @FunctionalInterface
    private interface Method {
        Tensor apply(Tensor x, long height, long width);
    }

    private Upsample(int factor, Method method) {
        this.factor = factor;
        this.method = method;
    }

    /** By {@code factor}, each pixel repeated. */
    public static Upsample of(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("the factor must be 1 or more, received " + factor + ".");
        }
        return new Upsample(factor, Interpolation::nearest);
    }

    /** The same with straight lines between pixels. */
    public Upsample bilinear() {
        return new Upsample(factor, (x, height, width) -> Interpolation.bilinear(x, height, width, false));
    }

    /** The same with cubic curves between pixels. */
    public Upsample bicubic() {
        return new Upsample(factor, Interpolation::bicubic);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(method.apply(x, factor * x.size(2), factor * x.size(3))); // [N, C, factor H, factor W]
    }
}
