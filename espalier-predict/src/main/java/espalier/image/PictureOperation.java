package espalier.image;

import espalier.rng.Rng;
import java.util.function.IntToDoubleFunction;

/**
 * The operations of {@link RandAugment} and {@link TrivialAugment}: torchvision's, as it does them to tensors of bytes, with the
 * nearest pixel and black beyond the edges.
 */
enum PictureOperation {
    IDENTITY,
    SHEAR_X,
    SHEAR_Y,
    TRANSLATE_X,
    TRANSLATE_Y,
    ROTATE,
    BRIGHTNESS,
    COLOR,
    CONTRAST,
    SHARPNESS,
    POSTERIZE,
    SOLARIZE,
    AUTO_CONTRAST,
    EQUALIZE;

    /** Any of them. */
    static PictureOperation draw(Rng rng) {
        return values()[rng.nextInt(values().length)];
    }

    /** How strong an operation is at each of so many strengths. */
    record Strength(IntToDoubleFunction magnitude, boolean signed) {
        /** From 0 to {@code most} by equal steps, in either direction. */
        static Strength signed(double most, int count) {
            return new Strength(i -> most * i / (count - 1), true);
        }

        /** Bits that are kept: 8 at first, {@code most} fewer at last. */
        static Strength bits(int most, int count) {
            return new Strength(i -> 8 - Math.rint((double) i * most / (count - 1)), false);
        }

        /** Levels from which on pixels are inverted: 255 at first, 0 at last. */
        static Strength levels(int count) {
            return new Strength(i -> 255 - 255.0 * i / (count - 1), false);
        }

        static Strength none() {
            return new Strength(i -> 0, false);
        }

        double draw(int strength, Rng rng) {
            double size = magnitude.applyAsDouble(strength);
            return signed && rng.bernoulli(0.5) ? -size : size;
        }
    }

    /** The picture after the operation of a magnitude, as torchvision counts it. */
    Image apply(Image x, double magnitude) {
        return switch (this) {
            case IDENTITY -> x;
            case SHEAR_X ->
                NearestAffine.of(1, magnitude, 0, 1)
                        .aboutCorner(x.width(), x.height())
                        .apply(x);
            case SHEAR_Y ->
                NearestAffine.of(1, 0, magnitude, 1)
                        .aboutCorner(x.width(), x.height())
                        .apply(x);
            case TRANSLATE_X ->
                NearestAffine.of(1, 0, 0, 1).shifted(-(int) magnitude, 0).apply(x);
            case TRANSLATE_Y ->
                NearestAffine.of(1, 0, 0, 1).shifted(0, -(int) magnitude).apply(x);
            case ROTATE -> NearestAffine.rotation(magnitude).apply(x);
            case BRIGHTNESS -> PixelLevels.brightness(x, 1 + magnitude);
            case COLOR -> PixelLevels.color(x, 1 + magnitude);
            case CONTRAST -> PixelLevels.contrast(x, 1 + magnitude);
            case SHARPNESS -> PixelLevels.sharpness(x, 1 + magnitude);
            case POSTERIZE -> PixelLevels.posterize(x, (int) magnitude);
            case SOLARIZE -> PixelLevels.solarize(x, magnitude);
            case AUTO_CONTRAST -> PixelLevels.autoContrast(x);
            case EQUALIZE -> PixelLevels.equalize(x);
        };
    }
}
