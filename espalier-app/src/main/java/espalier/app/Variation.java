package espalier.app;

import espalier.format.RunOptions;
import espalier.format.Transform;
import espalier.image.Image;
import espalier.image.Resize;
import espalier.image.Transforms;
import espalier.vision.augment.Augmentations;
import espalier.vision.augment.StandardAugmentation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How training pictures are varied, and how any picture becomes a square.
 *
 * @param framing how a picture becomes a square
 * @param augment whether they are varied by more than a random crop
 * @param mult how strongly: fastai's factor on rotation, lighting and warp, 2
 * @param minScale least share of a picture's area that a training crop of {@link Framing#RANDOM} shows, 0.08 as fastai's
 * @param flipVertical whether pictures have no upright side: they are brought into any of the 8 symmetries of the square, not only
 *     mirrored
 * @param limits the largest changes
 */
public record Variation(
        Framing framing, Augment augment, double mult, double minScale, boolean flipVertical, Limits limits) {
    /** How a picture becomes a square. */
    public enum Framing {
        /** The largest square: at a random place in training, from the centre otherwise. fastai's {@code Resize}. */
        CROP,
        /** The whole picture; what is missing to a square is filled by mirroring the edges. */
        PAD,
        /** A random part in training, otherwise nearly everything, squished: {@link espalier.image.RandomResizedCrop}. */
        RANDOM,
        /** The whole picture, distorted. */
        SQUISH
    }

    /** How training pictures are varied besides {@link Framing}. */
    public enum Augment {
        /** Not at all. */
        NONE,
        /** Also mirrored, and by two operations of {@link espalier.image.RandAugment}. */
        RANDAUGMENT,
        /** Also mirrored, and by the operation of {@link espalier.image.TrivialAugment}. */
        TRIVIAL,
        /** Also turned, warped, zoomed, flipped and relit, as by fastai's {@code aug_transforms}. */
        STANDARD
    }

    /**
     * The largest changes; empty: fastai's.
     *
     * @param lighting of light and contrast, in [0, 1) after {@code mult}: 0.2
     * @param rotate degrees, times {@code mult}: 10
     * @param warp of perspective, in [0, 1) after {@code mult}: 0.2
     * @param zoom enlargement: 1.1
     */
    public record Limits(
            Optional<Double> lighting, Optional<Double> rotate, Optional<Double> warp, Optional<Double> zoom) {
        /** fastai's. */
        public static final Limits STANDARD =
                new Limits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        private Map<String, Optional<Double>> named() {
            Map<String, Optional<Double>> named = new LinkedHashMap<>();
            named.put("--max-lighting", lighting);
            named.put("--max-rotate", rotate);
            named.put("--max-warp", warp);
            named.put("--max-zoom", zoom);
            return named;
        }

        private static Limits like(RunOptions options) {
            return new Limits(
                    options.value("--max-lighting", Double::valueOf),
                    options.value("--max-rotate", Double::valueOf),
                    options.value("--max-warp", Double::valueOf),
                    options.value("--max-zoom", Double::valueOf));
        }
    }

    /** A random crop and fastai's {@code aug_transforms(mult=2)}. */
    public static Variation standard() {
        return new Variation(Framing.RANDOM, Augment.STANDARD, 2, 0.08, false, Limits.STANDARD);
    }

    /** The same with pictures made square otherwise. */
    public Variation framing(Framing other) {
        return new Variation(other, augment, mult, minScale, flipVertical, limits);
    }

    /** The same with more than a crop, or without. */
    public Variation augment(Augment other) {
        return new Variation(framing, other, mult, minScale, flipVertical, limits);
    }

    /** The same with another strength. */
    public Variation mult(double factor) {
        return new Variation(framing, augment, factor, minScale, flipVertical, limits);
    }

    /** The same with another least share of the area. */
    public Variation minScale(double share) {
        return new Variation(framing, augment, mult, share, flipVertical, limits);
    }

    /** The same for pictures that have no upright side, such as those from above. */
    public Variation flipVertical(boolean flip) {
        return new Variation(framing, augment, mult, minScale, flip, limits);
    }

    /** The same with other largest changes. */
    public Variation limits(Limits other) {
        return new Variation(framing, augment, mult, minScale, flipVertical, other);
    }

    /** The random changes of batches; empty when there are none. @throws IllegalArgumentException for a change out of range */
    Optional<StandardAugmentation> augmentation() {
        if (augment != Augment.STANDARD) {
            return Optional.empty();
        }
        var all = Augmentations.standard();
        all = limits.lighting.map(all::maxLighting).orElse(all);
        all = limits.rotate.map(all::maxRotate).orElse(all);
        all = limits.warp.map(all::maxWarp).orElse(all);
        all = limits.zoom.map(all::maxZoom).orElse(all);
        return Optional.of((flipVertical ? all.flipVertical() : all).mult(mult));
    }

    /** What brings single pictures to a square of {@code size} pixels a side, then their random changes. */
    List<Transform<Image>> changes(int size) {
        Transform<Image> square =
                switch (framing) {
                    case CROP -> Transforms.resize(size);
                    case PAD -> Transforms.resize(size).method(Resize.Method.PAD);
                    case RANDOM -> Transforms.randomResizedCrop(size).minScale(minScale);
                    case SQUISH -> Transforms.resize(size).method(Resize.Method.SQUISH);
                };
        return Stream.concat(Stream.of(square), others().stream()).toList();
    }

    private List<Transform<Image>> others() {
        return switch (augment) {
            case NONE, STANDARD -> List.of();
            case RANDAUGMENT -> List.of(Transforms.flip(), Transforms.randAugment());
            case TRIVIAL -> List.of(Transforms.flip(), Transforms.trivialAugment());
        };
    }

    /** By the names of the command line. */
    Map<String, String> asOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        if (framing != Framing.RANDOM) {
            options.put("--resize-method", framing.name().toLowerCase(Locale.ROOT));
        }
        options.put("--augment", augment.name().toLowerCase(Locale.ROOT));
        options.put("--mult", String.valueOf(mult));
        options.put("--min-scale", String.valueOf(minScale));
        if (flipVertical) {
            options.put("--flip-vertical", "true");
        }
        limits.named().forEach((name, value) -> value.ifPresent(is -> options.put(name, String.valueOf(is))));
        return options;
    }

    /** That of the run that made a model; the usual one where it does not say. */
    static Variation like(RunOptions options) {
        var usual = standard();
        return new Variation(
                options.value("--resize-method", text -> Framing.valueOf(text.toUpperCase(Locale.ROOT)))
                        .orElse(usual.framing),
                options.value("--augment", text -> Augment.valueOf(text.toUpperCase(Locale.ROOT)))
                        .orElse(usual.augment),
                options.value("--mult", Double::valueOf).orElse(usual.mult),
                options.value("--min-scale", Double::valueOf).orElse(usual.minScale),
                options.value("--flip-vertical", Boolean::valueOf).orElse(false),
                Limits.like(options));
    }
}
