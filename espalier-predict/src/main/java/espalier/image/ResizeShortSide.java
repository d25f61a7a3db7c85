package espalier.image;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Brings the shorter side to {@code size} pixels, keeps the aspect, and cuts a square out of the centre: what
 * torchvision's evaluation transforms ({@code Resize(256)}, {@code CenterCrop(224)}) do with pictures for
 * pretrained weights. The same in training. Only what is cut out is computed.
 *
 * @param size the shorter side after the resize; the longer one is rounded down
 * @param crop side of the square, at most {@code size}
 * @param interpolation how neighbours are weighed
 */
public record ResizeShortSide(int size, int crop, Interpolation interpolation) implements Resizing {
    public ResizeShortSide {
        Sides.check(size, crop);
        if (crop > size) {
            throw new IllegalArgumentException("crop must be at most the size, received crop " + crop + " and size "
                    + size + ". Maybe the two are exchanged");
        }
    }

    /** A bilinear resize of the shorter side to {@code size} and a centre crop of the same side. */
    public static ResizeShortSide of(int size) {
        return new ResizeShortSide(size, size, Interpolation.BILINEAR);
    }

    /** The same with a smaller centre crop. */
    public ResizeShortSide crop(int crop) {
        return new ResizeShortSide(size, crop, interpolation);
    }

    /** The same with another interpolation. */
    public ResizeShortSide interpolation(Interpolation interpolation) {
        return new ResizeShortSide(size, crop, interpolation);
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        boolean wide = x.width() >= x.height();
        long longSide = (long) size * Math.max(x.width(), x.height()) / x.shortSide();
        int width = wide ? Math.toIntExact(longSide) : size;
        int height = wide ? size : Math.toIntExact(longSide);
        return Resample.of(width, height)
                .interpolation(interpolation)
                .window(new Region(CenterCrop.offset(width, crop), CenterCrop.offset(height, crop), crop, crop))
                .apply(x);
    }

    @Override
    public int decodeShortSide() {
        return (int) Math.ceil(MARGIN * size);
    }

    @Override
    public String name() {
        return "resizeShortSide";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("size", size, "crop", crop, "interpolation", Sides.word(interpolation));
    }
}
