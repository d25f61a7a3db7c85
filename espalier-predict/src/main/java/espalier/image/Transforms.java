package espalier.image;

import espalier.format.Transform;
import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.ServiceLoader;

/** The catalogue of transforms of single pictures. Those of whole batches are in {@code Augmentations}. */
public final class Transforms {
    private static final List<String> NAMES = List.of(
            "centerCrop",
            "flip",
            "grayscale",
            "randAugment",
            "randomCrop",
            "randomResizedCrop",
            "resize",
            "resizeShortSide",
            "trivialAugment");

    /** The longest side that a transform may give a picture: beyond it one picture fills the memory of a machine. */
    public static final int MAX_SIDE = Sides.MOST;

    private Transforms() {}

    /**
     * Makes a transform of your own again from what a model file keeps of it, so that files with it load; found by
     * {@link ServiceLoader}.
     */
    public interface Provider {
        /** The {@link Transform#name} of the transform, which no other has. */
        String name();

        /**
         * The transform with these {@link Transform#parameters}.
         *
         * @param parameters as they come out of JSON: texts, booleans, lists, and numbers as {@link Number}s
         * @throws IllegalArgumentException when one is missing, of another type or out of range; files may be edited
         */
        Transform<Image> from(Map<String, ?> parameters);
    }

    /** A square of {@code size} pixels a side cut out of the centre, not resized. */
    public static CenterCrop centerCrop(int size) {
        return new CenterCrop(size, size);
    }

    /** Left and right exchanged in half of the training pictures. */
    public static Flip flip() {
        return new Flip(0.5);
    }

    /** Left and right exchanged in the given share of the training pictures. */
    public static Flip flip(double p) {
        return new Flip(p);
    }

    /** Every picture in grey. */
    public static Grayscale grayscale() {
        return new Grayscale();
    }

    /** Two operations at random, of medium strength, in training: torchvision's {@code RandAugment}. */
    public static RandAugment randAugment() {
        return new RandAugment(2, 9);
    }

    /** A square of {@code size} pixels a side cut out at random in training, of the centre otherwise, not resized; black where it lacks. */
    public static RandomCrop randomCrop(int size) {
        return new RandomCrop(size, size, 0, Padding.ZEROS);
    }

    /** Random boxes in training, nearly everything in validation, resized to a square of {@code size} pixels a side. */
    public static RandomResizedCrop randomResizedCrop(int size) {
        return RandomResizedCrop.of(size);
    }

    /** The same with {@code height} rows and {@code width} columns. */
    public static RandomResizedCrop randomResizedCrop(int height, int width) {
        return RandomResizedCrop.of(height, width);
    }

    /** Cropped and resized to a square of {@code size} pixels a side. */
    public static Resize resize(int size) {
        return Resize.of(size);
    }

    /** Cropped and resized to {@code height} rows and {@code width} columns. */
    public static Resize resize(int height, int width) {
        return Resize.of(height, width);
    }

    /** The shorter side resized to {@code size} pixels, a square cut out: what pretrained weights are evaluated with. */
    public static ResizeShortSide resizeShortSide(int size) {
        return ResizeShortSide.of(size);
    }

    /** One operation of random strength in training: torchvision's {@code TrivialAugmentWide}. */
    public static TrivialAugment trivialAugment() {
        return new TrivialAugment();
    }

    /** Every name that {@link #from} knows: the library's in alphabetical order, then those of {@link Provider}s. */
    public static List<String> names() {
        var names = new ArrayList<>(NAMES);
        ServiceLoader.load(Provider.class).forEach(provider -> names.add(provider.name()));
        return List.copyOf(names);
    }

    /**
     * The transform with this {@link Transform#name} and {@link Transform#parameters}, as a model file keeps them.
     *
     * @throws IllegalArgumentException when the name is unknown or a parameter is missing or of another type
     */
    public static Transform<Image> from(String name, Map<String, ?> parameters) {
        var values = new Values(name, parameters);
        return switch (name) {
            case "centerCrop" -> new CenterCrop(values.whole("height"), values.whole("width"));
            case "flip" -> new Flip(values.number("p"));
            case "grayscale" -> new Grayscale();
            case "randAugment" -> new RandAugment(values.whole("operations"), values.whole("magnitude"));
            case "randomCrop" ->
                new RandomCrop(
                        values.whole("height"),
                        values.whole("width"),
                        values.whole("margin"),
                        values.choice("padding", Padding.class));
            case "randomResizedCrop" ->
                new RandomResizedCrop(
                        values.whole("height"),
                        values.whole("width"),
                        values.number("minScale"),
                        values.number("maxScale"),
                        values.number("minRatio"),
                        values.number("maxRatio"),
                        values.number("extra"),
                        values.choice("interpolation", Interpolation.class));
            case "resize" ->
                new Resize(
                        values.whole("height"),
                        values.whole("width"),
                        values.choice("method", Resize.Method.class),
                        values.choice("padding", Padding.class),
                        values.choice("interpolation", Interpolation.class));
            case "resizeShortSide" ->
                new ResizeShortSide(
                        values.whole("size"),
                        values.whole("crop"),
                        values.choice("interpolation", Interpolation.class));
            case "trivialAugment" -> new TrivialAugment();
            default -> provided(name, parameters);
        };
    }

    private static Transform<Image> provided(String name, Map<String, ?> parameters) {
        for (var provider : ServiceLoader.load(Provider.class)) {
            if (provider.name().equals(name)) {
                return provider.from(parameters);
            }
        }
        throw new IllegalArgumentException("no picture transform is called \"" + name + "\"; there are " + names()
                + ". Maybe a newer Espalier wrote this, or a class of your own is not on the class path");
    }

    /**
     * The shorter side at which pictures may be decoded for these transforms in this order: what the first
     * {@link Resizing} asks for, unless something that counts pixels comes before it.
     */
    public static OptionalInt decodeShortSide(List<? extends Transform<Image>> transforms) {
        for (var transform : transforms) {
            if (transform instanceof Resizing resizing) {
                return OptionalInt.of(resizing.decodeShortSide());
            }
            if (!(transform instanceof Flip) && !(transform instanceof Grayscale)) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    /** {@link #decodeShortSide} as {@link espalier.image.ImageReader#shortSide} takes it: 0 for full size. */
    public static int decodeSide(List<? extends Transform<Image>> transforms) {
        return decodeShortSide(transforms).orElse(0);
    }

    /** A picture after the transforms, in their order. */
    public static Image applied(List<? extends Transform<Image>> transforms, Image image, boolean training, Rng rng) {
        Image result = image;
        for (var transform : transforms) {
            result = transform.apply(result, training, rng);
        }
        return result;
    }

    /** Parameters as JSON gives them back: whole numbers may come as any kind of number. */
    private record Values(String name, Map<String, ?> parameters) {
        double number(String key) {
            if (parameters.get(key) instanceof Number number) {
                return number.doubleValue();
            }
            throw wrong(key, "a number");
        }

        int whole(String key) {
            double value = number(key);
            if (value != (int) value) {
                throw wrong(key, "a whole number");
            }
            return (int) value;
        }

        <E extends Enum<E>> E choice(String key, Class<E> type) {
            for (E value : type.getEnumConstants()) {
                if (Sides.word(value).equals(parameters.get(key))) {
                    return value;
                }
            }
            throw wrong(
                    key, "one of " + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT));
        }

        private IllegalArgumentException wrong(String key, String expected) {
            return new IllegalArgumentException(name + " needs " + key + " as " + expected + ", received "
                    + parameters.get(key) + ". Maybe the model file is damaged");
        }
    }
}
