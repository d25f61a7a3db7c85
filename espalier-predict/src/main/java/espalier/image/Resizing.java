package espalier.image;

import espalier.format.Transform;

/**
 * A transform that brings every picture to one size, and can tell how large a picture it needs for that.
 *
 * <p>A loader gives {@link #decodeShortSide} of its first such transform to
 * {@link espalier.image.ImageReader#shortSide}, so that large JPEGs are decoded at a half, a quarter
 * or an eighth of their size. Training, validation and prediction must do the same, or none of them, since a
 * reduced decode changes levels a little.
 */
public interface Resizing extends Transform<Image> {
    /** How much larger than its output a picture is still decoded: the resampling has detail to choose from. */
    double MARGIN = 1.15;

    /** The length of the shorter side, in pixels, below which decoding smaller would cost visible detail. */
    int decodeShortSide();
}
