package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.tensor.Functional.Padding;
import espalier.tensor.Rng;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The random changes that suit most photographs: fastai's {@code aug_transforms}, with its arguments, ranges,
 * probabilities and order (flip, warp, rotation, zoom; brightness, contrast).
 *
 * <p>What differs from fastai is written at {@link Augmentation}, {@link RandomSquare} and in the rule for
 * averaging before strong shrinking, which looks at the result's own height and width.
 *
 * @param mult what rotation, light and warp are multiplied by
 * @param flips whether half of the pictures are mirrored
 * @param flipsVertically whether flips include the upside-down and sideways symmetries
 * @param maxRotate the largest angle in degrees
 * @param minZoom the smallest enlargement
 * @param maxZoom the largest enlargement
 * @param maxLighting the largest change of light
 * @param maxWarp the largest change of perspective
 * @param pAffine the probability of each of warp, rotation and zoom
 * @param pLighting the probability of each of brightness and contrast
 * @param height the height of the result in pixels, 0 for the picture's own
 * @param width the width of the result in pixels, 0 for the picture's own
 * @param minScale the smallest share of the area that a random square has, 1 for no squares
 * @param padMode how what lies outside a picture is filled
 */
public record StandardAugmentation(
        double mult,
        boolean flips,
        boolean flipsVertically,
        double maxRotate,
        double minZoom,
        double maxZoom,
        double maxLighting,
        double maxWarp,
        double pAffine,
        double pLighting,
        int height,
        int width,
        double minScale,
        Padding padMode)
        implements BatchTransform {
    /** Checks the ranges. */
    public StandardAugmentation {
        Chance.between("mult", mult, 0, 100);
        if (minScale != 1 && height == 0) {
            throw new IllegalArgumentException(
                    "minScale needs the size of the results. Maybe call size(224) before it.");
        }
        Chance.between("maxRotate * mult", maxRotate * mult, 0, 360);
        Chance.between("minZoom", minZoom, 0.01, 100);
        Chance.between("maxZoom", maxZoom, 0.01, 100);
        if (minZoom > maxZoom) {
            throw new IllegalArgumentException(
                    "minZoom " + minZoom + " is above maxZoom " + maxZoom + ". Maybe set maxZoom first.");
        }
        Chance.below("maxLighting * mult", maxLighting * mult, 0, 1);
        Chance.below("maxWarp * mult", maxWarp * mult, 0, 1);
        Chance.probability("pAffine", pAffine);
        Chance.probability("pLighting", pLighting);
        Chance.between("minScale", minScale, 1e-6, 1);
    }

    /** fastai's defaults. */
    static StandardAugmentation of() {
        return new StandardAugmentation(1, true, false, 10, 1, 1.1, 0.2, 0.2, 0.75, 0.75, 0, 0, 1, Padding.REFLECTION);
    }

    /** The same with rotation, light and warp multiplied by {@code factor}; 1 by default. Zoom stays as it is. */
    public StandardAugmentation mult(double factor) {
        return new StandardAugmentation(
                factor,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same, mirroring half of the pictures left to right; the default. */
    public StandardAugmentation flip() {
        return new StandardAugmentation(
                mult,
                true,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same without mirroring or turning by right angles. */
    public StandardAugmentation noFlip() {
        return new StandardAugmentation(
                mult,
                false,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same, bringing half of the pictures into one of the 8 symmetries of the square, for pictures without an upright side. */
    public StandardAugmentation flipVertical() {
        return new StandardAugmentation(
                mult,
                flips,
                true,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with another largest angle, in degrees; 10 by default, 0 for none. */
    public StandardAugmentation maxRotate(double degrees) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                degrees,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with another smallest enlargement; 1 by default. */
    public StandardAugmentation minZoom(double factor) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                factor,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with another largest enlargement; 1.1 by default. */
    public StandardAugmentation maxZoom(double factor) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                factor,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with another change of light, in [0, 1) after {@link #mult}; 0.2 by default, 0 for none. */
    public StandardAugmentation maxLighting(double limit) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                limit,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with another change of perspective, in [0, 1) after {@link #mult}; 0.2 by default, 0 for none. */
    public StandardAugmentation maxWarp(double magnitude) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                magnitude,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with another probability of each of warp, rotation and zoom; 0.75 by default. */
    public StandardAugmentation pAffine(double probability) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                probability,
                pLighting,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with another probability of each of brightness and contrast; 0.75 by default. */
    public StandardAugmentation pLighting(double probability) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                probability,
                height,
                width,
                minScale,
                padMode);
    }

    /** The same with square results of {@code side} pixels, in validation too. */
    public StandardAugmentation size(int side) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                side,
                side,
                minScale,
                padMode);
    }

    /** The same with results of the given size in pixels, in validation too. */
    public StandardAugmentation size(int newHeight, int newWidth) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                newHeight,
                newWidth,
                minScale,
                padMode);
    }

    /** The same, cutting random squares of at least this share of the area; 1, for none, by default. Needs a {@link #size(int)}. */
    public StandardAugmentation minScale(double share) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                share,
                padMode);
    }

    /** The same with another filling of what lies outside a picture; reflection by default. */
    public StandardAugmentation padMode(Padding mode) {
        return new StandardAugmentation(
                mult,
                flips,
                flipsVertically,
                maxRotate,
                minZoom,
                maxZoom,
                maxLighting,
                maxWarp,
                pAffine,
                pLighting,
                height,
                width,
                minScale,
                mode);
    }

    /** The composition that does the work; changes of size zero are left out. */
    public Augmentation composed() {
        var parts = new ArrayList<BatchTransform>();
        if (flips) {
            parts.add(flipsVertically ? new Dihedral(0.5) : new Flip(0.5));
        }
        if (maxWarp * mult > 0) {
            parts.add(new Warp(maxWarp * mult, pAffine));
        }
        if (maxRotate * mult > 0) {
            parts.add(new Rotate(maxRotate * mult, pAffine));
        }
        if (minZoom < 1 || maxZoom > 1) {
            parts.add(new Zoom(minZoom, maxZoom, pAffine));
        }
        if (minScale < 1) {
            parts.add(new RandomSquare(minScale));
        }
        if (maxLighting * mult > 0) {
            parts.add(new Brightness(maxLighting * mult, pLighting));
            parts.add(new Contrast(maxLighting * mult, pLighting));
        }
        return Augmentation.of(parts).size(height, width).padding(padMode);
    }

    /** @shape x {@code [N, C, H, W]} in 0 to 1; gives {@code [N, C, height, width]} */
    @Override
    public Tensor apply(Tensor x, boolean training, List<Rng> items) {
        return composed().apply(x, training, items);
    }

    @Override
    public String name() {
        return "standard";
    }

    @Override
    public Map<String, Object> parameters() {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("mult", mult);
        parameters.put("flips", flips);
        parameters.put("flipsVertically", flipsVertically);
        parameters.put("maxRotate", maxRotate);
        parameters.put("minZoom", minZoom);
        parameters.put("maxZoom", maxZoom);
        parameters.put("maxLighting", maxLighting);
        parameters.put("maxWarp", maxWarp);
        parameters.put("pAffine", pAffine);
        parameters.put("pLighting", pLighting);
        parameters.put("height", height);
        parameters.put("width", width);
        parameters.put("minScale", minScale);
        parameters.put("padMode", padMode.name().toLowerCase(Locale.ROOT));
        return parameters;
    }
}
