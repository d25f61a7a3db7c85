package espalier.image;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Brings a picture to {@code height} rows and {@code width} columns, as fastai's {@code Resize}: the largest
 * part of the right aspect is cut out (at a random place in training, from the centre otherwise), or the
 * whole is squished, or padded to the aspect. One antialiased resampling.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param method what happens to the part that has another aspect
 * @param padding what fills the rest when the method is {@link Method#PAD}
 * @param interpolation how neighbours are weighed
 */
public record Resize(int height, int width, Method method, Padding padding, Interpolation interpolation)
        implements Resizing {
    /** What happens to a picture whose aspect differs from the result's. */
    public enum Method {
        /** What stands over is cut off. */
        CROP,
        /** Everything is kept; what is missing is filled. */
        PAD,
        /** Everything is kept and distorted. */
        SQUISH
    }

    public Resize {
        Sides.check(height, width);
    }

    /** A crop to a square of {@code size} pixels a side; reflected edges should the method become padding. */
    public static Resize of(int size) {
        return of(size, size);
    }

    /** A crop to {@code height} rows and {@code width} columns. */
    public static Resize of(int height, int width) {
        return new Resize(height, width, Method.CROP, Padding.REFLECTION, Interpolation.BILINEAR);
    }

    /** The same with another method. */
    public Resize method(Method method) {
        return new Resize(height, width, method, padding, interpolation);
    }

    /** The same with another padding; implies {@link Method#PAD}. */
    public Resize padding(Padding padding) {
        return new Resize(height, width, Method.PAD, padding, interpolation);
    }

    /** The same with another interpolation. */
    public Resize interpolation(Interpolation interpolation) {
        return new Resize(height, width, method, padding, interpolation);
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        var resample = Resample.of(width, height).interpolation(interpolation);
        if (method == Method.SQUISH) {
            return resample.apply(x);
        }
        double acrossX = (double) x.width() / width;
        double acrossY = (double) x.height() / height;
        double scale = method == Method.CROP ? Math.min(acrossX, acrossY) : Math.max(acrossX, acrossY);
        int boxWidth = Math.max(1, (int) (scale * width)); // of a thin picture, at least one pixel
        int boxHeight = Math.max(1, (int) (scale * height));
        double placeX = training ? rng.uniform() : 0.5;
        double placeY = training ? rng.uniform() : 0.5;
        int left = (int) (placeX * (x.width() - boxWidth));
        int top = (int) (placeY * (x.height() - boxHeight));
        var box = new Region(left, top, boxWidth, boxHeight);
        var boxed = resample.crop(box);
        return (method == Method.CROP ? boxed : boxed.padding(padding)).apply(x);
    }

    @Override
    public int decodeShortSide() {
        return (int) Math.ceil(MARGIN * Math.max(height, width));
    }

    @Override
    public String name() {
        return "resize";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                "height", height,
                "width", width,
                "method", Sides.word(method),
                "padding", Sides.word(padding),
                "interpolation", Sides.word(interpolation));
    }
}
