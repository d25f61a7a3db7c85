package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.rng.Rng;
import espalier.tensor.Functional.Padding;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The random changes that suit most photographs: fastai's {@code aug_transforms}, with its arguments, ranges,
 * probabilities and order (flip, warp, rotation, zoom; brightness, contrast).
 *
 * <p>What differs from fastai is written at {@link Augmentation}, {@link RandomSquare} and in the rule for
 * averaging before strong shrinking, which looks at the result's own height and width.
 */
public final class StandardAugmentation implements BatchTransform {
    private final double mult;
    private final Optional<Geometry> flip;
    private final Warp warp;
    private final Rotate rotate;
    private final Zoom zoom;
    private final Brightness light;
    private final double minScale;
    private final Augmentation output;

    private StandardAugmentation(
            double mult,
            Optional<Geometry> flip,
            Warp warp,
            Rotate rotate,
            Zoom zoom,
            Brightness light,
            double minScale,
            Augmentation output) {
        Chance.between("mult", mult, 0, 100);
        Chance.below("maxLighting * mult", light.maxLighting() * mult, 0, 1);
        Chance.below("maxWarp * mult", warp.magnitude() * mult, 0, 1);
        Chance.between("minScale", minScale, 1e-6, 1);
        if (minScale < 1 && !output.resizes()) {
            throw new IllegalArgumentException("minScale needs the size of the results. Maybe call size(224) first.");
        }
        this.mult = mult;
        this.flip = flip;
        this.warp = warp;
        this.rotate = rotate;
        this.zoom = zoom;
        this.light = light;
        this.minScale = minScale;
        this.output = output;
    }

    /** fastai's defaults. */
    static StandardAugmentation of() {
        return new StandardAugmentation(
                1,
                Optional.of(new Flip(0.5)),
                new Warp(0.2, 0.75),
                new Rotate(10, 0.75),
                new Zoom(1, 1.1, 0.75),
                new Brightness(0.2, 0.75),
                1,
                Augmentation.of());
    }

    /** The same with rotation, light and warp multiplied by {@code factor}; 1 by default. Zoom stays as it is. */
    public StandardAugmentation mult(double factor) {
        return new StandardAugmentation(factor, flip, warp, rotate, zoom, light, minScale, output);
    }

    /** The same, mirroring half of the pictures left to right; the default. */
    public StandardAugmentation flip() {
        return new StandardAugmentation(mult, Optional.of(new Flip(0.5)), warp, rotate, zoom, light, minScale, output);
    }

    /** The same without mirroring or turning by right angles. */
    public StandardAugmentation noFlip() {
        return new StandardAugmentation(mult, Optional.empty(), warp, rotate, zoom, light, minScale, output);
    }

    /** The same, bringing half of the pictures into one of the 8 symmetries of the square: for pictures that have no upright side. */
    public StandardAugmentation flipVertical() {
        return new StandardAugmentation(
                mult, Optional.of(new Dihedral(0.5)), warp, rotate, zoom, light, minScale, output);
    }

    /** The same with another largest angle, in degrees; 10 by default, 0 for none. */
    public StandardAugmentation maxRotate(double degrees) {
        return new StandardAugmentation(mult, flip, warp, rotate.maxDegrees(degrees), zoom, light, minScale, output);
    }

    /** The same with another smallest enlargement; 1 by default. */
    public StandardAugmentation minZoom(double factor) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom.minZoom(factor), light, minScale, output);
    }

    /** The same with another largest enlargement; 1.1 by default. */
    public StandardAugmentation maxZoom(double factor) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom.maxZoom(factor), light, minScale, output);
    }

    /** The same with another change of light, in [0, 1) after {@link #mult}; 0.2 by default, 0 for none. */
    public StandardAugmentation maxLighting(double limit) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom, light.maxLighting(limit), minScale, output);
    }

    /** The same with another change of perspective, in [0, 1) after {@link #mult}; 0.2 by default, 0 for none. */
    public StandardAugmentation maxWarp(double magnitude) {
        return new StandardAugmentation(mult, flip, warp.magnitude(magnitude), rotate, zoom, light, minScale, output);
    }

    /** The same with another probability of each of warp, rotation and zoom; 0.75 by default. */
    public StandardAugmentation pAffine(double probability) {
        return new StandardAugmentation(
                mult, flip, warp.p(probability), rotate.p(probability), zoom.p(probability), light, minScale, output);
    }

    /** The same with another probability of each of brightness and contrast; 0.75 by default. */
    public StandardAugmentation pLighting(double probability) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom, light.p(probability), minScale, output);
    }

    /** The same with square results of {@code side} pixels, in validation too. */
    public StandardAugmentation size(int side) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom, light, minScale, output.size(side));
    }

    /** The same with results of the given size in pixels, in validation too. */
    public StandardAugmentation size(int height, int width) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom, light, minScale, output.size(height, width));
    }

    /** The same, cutting random squares of at least this share of the area; 1, for none, by default. Needs a {@link #size(int)}. */
    public StandardAugmentation minScale(double share) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom, light, share, output);
    }

    /** The same with another filling of what lies outside a picture; reflection by default. */
    public StandardAugmentation padMode(Padding mode) {
        return new StandardAugmentation(mult, flip, warp, rotate, zoom, light, minScale, output.padding(mode));
    }

    /** The composition that does the work; changes of size zero are left out. */
    public Augmentation composed() {
        var parts = new ArrayList<BatchTransform>();
        flip.ifPresent(parts::add);
        double maxWarp = warp.magnitude() * mult;
        if (maxWarp > 0) {
            parts.add(warp.magnitude(maxWarp));
        }
        double maxRotate = Math.min(360, rotate.maxDegrees() * mult);
        if (maxRotate > 0) {
            parts.add(rotate.maxDegrees(maxRotate));
        }
        if (zoom.minZoom() < 1 || zoom.maxZoom() > 1) {
            parts.add(zoom);
        }
        if (minScale < 1) {
            parts.add(new RandomSquare(minScale));
        }
        double maxLighting = light.maxLighting() * mult;
        if (maxLighting > 0) {
            parts.add(light.maxLighting(maxLighting));
            parts.add(new Contrast(maxLighting, light.p()));
        }
        return output.with(parts);
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
        parameters.put("flip", flip.map(BatchTransform::name).orElse("none"));
        parameters.put("maxRotate", rotate.maxDegrees());
        parameters.put("minZoom", zoom.minZoom());
        parameters.put("maxZoom", zoom.maxZoom());
        parameters.put("maxLighting", light.maxLighting());
        parameters.put("maxWarp", warp.magnitude());
        parameters.put("pAffine", warp.p());
        parameters.put("pLighting", light.p());
        parameters.put("minScale", minScale);
        parameters.putAll(output.outputParameters());
        return parameters;
    }
}
