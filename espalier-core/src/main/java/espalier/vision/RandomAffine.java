package espalier.vision;

import espalier.rng.Rng;
import espalier.tensor.Tensor;

/**
 * An affine map about the centre, drawn anew for each picture, as torchvision's {@code RandomAffine}.
 *
 * @param degrees how far it is turned to either side, at most
 * @param across how far it moves to the left or right, at most, as a share of the width
 * @param down how far it moves up or down, at most, as a share of the height
 * @param minScale its least size, 1 for as it is
 * @param maxScale its largest size
 * @param shear how far its columns lean to either side, at most, in degrees
 * @param sampling what a pixel of the result is
 */
public record RandomAffine(
        double degrees,
        double across,
        double down,
        double minScale,
        double maxScale,
        double shear,
        Warps.Sampling sampling)
        implements TensorTransform {

    /** Checks the ranges. */
    public RandomAffine {
        boolean shares = across >= 0 && across <= 1 && down >= 0 && down <= 1;
        if (!(degrees >= 0 && shares && minScale > 0 && maxScale >= minScale && shear >= 0)) {
            throw new IllegalArgumentException(
                    "randomAffine: received " + degrees + " degrees, moves of " + across + " and "
                            + down + ", sizes of " + minScale + " to " + maxScale + " and a shear of " + shear
                            + ". Maybe moves are in pixels: they are shares of a side, from 0 to 1.");
        }
    }

    /** The same, moved by up to these shares of the width and the height. */
    public RandomAffine translate(double across, double down) {
        return new RandomAffine(degrees, across, down, minScale, maxScale, shear, sampling);
    }

    /** The same, from {@code minScale} to {@code maxScale} times as large. */
    public RandomAffine scale(double minScale, double maxScale) {
        return new RandomAffine(degrees, across, down, minScale, maxScale, shear, sampling);
    }

    /** The same, leaning by up to so many degrees. */
    public RandomAffine shear(double shear) {
        return new RandomAffine(degrees, across, down, minScale, maxScale, shear, sampling);
    }

    /** The same with another sampling. */
    public RandomAffine sampling(Warps.Sampling sampling) {
        return new RandomAffine(degrees, across, down, minScale, maxScale, shear, sampling);
    }

    @Override
    public Tensor apply(Tensor x, Rng rng) {
        Crops.check("randomAffine", x);
        double angle = rng.uniform(-degrees, degrees);
        double right = Math.rint(rng.uniform(-across, across) * x.size(-1));
        double below = Math.rint(rng.uniform(-down, down) * x.size(-2));
        double size = rng.uniform(minScale, maxScale);
        var affine = new Warps.Affine(angle, right, below, size, rng.uniform(-shear, shear), 0);
        return Warps.affine(x, affine, sampling);
    }
}
