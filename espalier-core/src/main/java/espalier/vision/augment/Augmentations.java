package espalier.vision.augment;

/**
 * The catalogue of augmentations, with fastai's defaults. Put one or several at {@code batchTransform(...)}, or
 * compose them with {@link Augmentation#of} so that pixels are sampled only once.
 */
public final class Augmentations {
    private Augmentations() {}

    /** Lighter or darker by up to 20 %, with probability 0.75. */
    public static Brightness brightness() {
        return new Brightness(0.2, 0.75);
    }

    /** More or less contrast by up to 20 %, with probability 0.75. */
    public static Contrast contrast() {
        return new Contrast(0.2, 0.75);
    }

    /** One grey square over a quarter of the picture, with probability 0.5. */
    public static RandomErasing cutout() {
        return new RandomErasing(0.5, 0.25, 0.25, 1, 1, false);
    }

    /** One of the 8 symmetries of the square, with probability 0.5. */
    public static Dihedral dihedral() {
        return new Dihedral(0.5);
    }

    /** Left and right exchanged with probability 0.5. */
    public static Flip flip() {
        return new Flip(0.5);
    }

    /** Hues turned by up to a tenth of the circle, with probability 0.75. */
    public static Hue hue() {
        return new Hue(0.1, 0.75);
    }

    /** No change at all. */
    public static Augmentation none() {
        return Augmentation.of();
    }

    /** One rectangle of noise over up to 30 % of the picture, with probability 0.5. */
    public static RandomErasing randomErasing() {
        return new RandomErasing(0.5, 0, 0.3, 0.3, 1, true);
    }

    /** Turned by up to 10 degrees, with probability 0.5. */
    public static Rotate rotate() {
        return new Rotate(10, 0.5);
    }

    /** More or less saturated by up to 20 %, with probability 0.75. */
    public static Saturation saturation() {
        return new Saturation(0.2, 0.75);
    }

    /** fastai's {@code aug_transforms()}: what suits most photographs. */
    public static StandardAugmentation standard() {
        return StandardAugmentation.of();
    }

    /** Seen from another side, corners moved by up to 0.2 of half a side, with probability 0.5. */
    public static Warp warp() {
        return new Warp(0.2, 0.5);
    }

    /** Enlarged by up to 10 %, with probability 0.5. */
    public static Zoom zoom() {
        return new Zoom(1, 1.1, 0.5);
    }
}
