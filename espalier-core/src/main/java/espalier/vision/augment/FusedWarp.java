package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.format.DType;
import espalier.image.Image;
import espalier.rng.Rng;
import espalier.tensor.Functional.Padding;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A whole chain of batch transforms in one pass over each picture: from the bytes of a decoded picture to
 * normalised floats with the channels next to each other, through one sampling and one table of light.
 *
 * <p>The result is that of the transforms one after the other on tensors, to well under one of 255 levels
 * (in places that are all but black and become lighter, up to two). It takes the same draws from the same
 * generators. No intermediate batch of floats is ever written, so that it costs a few nanoseconds a pixel on
 * one thread; give each item to a thread of its own.
 *
 * <p>How: three channels of a pixel share a 64-bit word, 21 bits each; weights of 13 bits that add up to 8192
 * make a bilinear sample of all channels at once with four multiplications. The sample, in sixteenths of a
 * level, goes through a table of light, then through the normalisation.
 */
public final class FusedWarp {
    private static final int CHANNELS = 3;
    private static final ThreadLocal<WordPicture> SCRATCH = ThreadLocal.withInitial(WordPicture::new);

    private final Augmentation augmentation;
    private final float[] factor = new float[CHANNELS];
    private final float[] offset = new float[CHANNELS];

    private FusedWarp(Augmentation augmentation, double[] mean, double[] std) {
        this.augmentation = augmentation;
        for (int c = 0; c < CHANNELS; c++) {
            factor[c] = (float) (1 / std[c]);
            offset[c] = (float) (-mean[c] / std[c]);
        }
    }

    /**
     * The pass that does what {@code transforms} do; empty when they are not an optional {@link
     * StandardAugmentation}, {@link Augmentation}, {@link Geometry} or {@link Lighting} without saturation, and
     * after it an optional {@link Normalize} of three channels.
     */
    public static Optional<FusedWarp> of(List<? extends BatchTransform> transforms) {
        int last = transforms.size() - 1;
        boolean normalised = last >= 0 && transforms.get(last) instanceof Normalize;
        List<? extends BatchTransform> changes = normalised ? transforms.subList(0, last) : transforms;
        double[] mean = new double[CHANNELS];
        double[] std = {1, 1, 1};
        if (normalised && transforms.get(last) instanceof Normalize normalize) {
            mean = normalize.mean();
            std = normalize.std();
        }
        if (changes.size() > 1 || mean.length != CHANNELS) {
            return Optional.empty();
        }
        BatchTransform change = changes.isEmpty() ? Augmentation.of() : changes.get(0);
        Augmentation augmentation = change instanceof StandardAugmentation standard
                ? standard.composed()
                : change instanceof Augmentation composed ? composed : Augmentation.of(change);
        return augmentation.isFusible() ? Optional.of(new FusedWarp(augmentation, mean, std)) : Optional.empty();
    }

    /** The height of what comes out for a picture of {@code height} rows, in pixels. */
    public int outHeight(int height) {
        return augmentation.outHeight(height);
    }

    /** The width of what comes out for a picture of {@code width} columns, in pixels. */
    public int outWidth(int width) {
        return augmentation.outWidth(width);
    }

    /**
     * Transforms the pictures of a batch, all of one size, one after the other on this thread.
     *
     * @param items the pictures' own generators, one each
     * @return float32 {@code [N, 3, h, w]} with the channels next to each other in memory (channels_last)
     * @throws ShapeException when the sizes of the results differ
     */
    public Tensor apply(List<Image> pictures, boolean training, List<Rng> items) {
        if (pictures.isEmpty() || pictures.size() != items.size()) {
            throw new IllegalArgumentException("expected pictures with one generator for each, received "
                    + pictures.size() + " and " + items.size());
        }
        int height = outHeight(pictures.get(0).height());
        int width = outWidth(pictures.get(0).width());
        Tensor batch = Tensor.empty(DType.FLOAT32, pictures.size(), height, width, CHANNELS);
        FloatBuffer out = batch.buffer().asFloatBuffer();
        for (int i = 0; i < pictures.size(); i++) {
            Image picture = pictures.get(i);
            if (outHeight(picture.height()) != height || outWidth(picture.width()) != width) {
                throw new ShapeException("a batch needs pictures of one size, received " + height + "x" + width
                        + " and " + picture.height() + "x" + picture.width()
                        + ". Maybe add a resize to the item transforms.");
            }
            apply(picture, training, items.get(i), out);
        }
        return batch.permute(0, 3, 1, 2); // [N, 3, h, w]
    }

    /**
     * Transforms one picture. May be called from several threads at once for different parts of one batch.
     *
     * @param picture what to transform; it stays as it is
     * @param training whether to draw
     * @param rng the item's own generator
     * @param out where {@code h * w * 3} floats go, from its position on, which moves
     * @throws ShapeException when {@code out} has no room for the result
     */
    public void apply(Image picture, boolean training, Rng rng, FloatBuffer out) {
        int height = outHeight(picture.height());
        int width = outWidth(picture.width());
        long count = (long) CHANNELS * height * width;
        if (out.remaining() < count) {
            throw new ShapeException("the result [" + height + ", " + width + ", 3] needs " + count
                    + " floats, received room for " + out.remaining()
                    + ". Maybe the pictures of the batch differ in size: resize them first.");
        }
        double[] map = augmentation.map(picture.height(), picture.width(), training, rng);
        float[] light = LightTable.of(augmentation.tone(training, rng));
        if (height == picture.height() && width == picture.width() && isUnmoved(map)) {
            copy(picture, light, map[0] < 0, out);
        } else {
            warp(picture, map, light, out);
        }
    }

    private void warp(Image picture, double[] map, float[] light, FloatBuffer out) {
        int height = outHeight(picture.height());
        int width = outWidth(picture.width());
        var target = new Sampling.Target(height, width, augmentation.padding());
        Image source = picture;
        if (Sampling.shrinks(map, picture.height(), picture.width(), target)) {
            int[] small = Sampling.shrunk(picture.height(), picture.width(), target);
            source = Averaging.shrink(picture, small[0], small[1]);
        }
        WordPicture words = SCRATCH.get();
        words.load(source, target.padding() == Padding.ZEROS);
        var sampler = new WordSampler(words, map, target, light, factor, offset);
        float[] row = new float[CHANNELS * width];
        for (int i = 0; i < height; i++) {
            sampler.sample(i, row);
            out.put(row);
        }
        words.release();
    }

    /** Whether the map leaves pixels where they are or mirrors them left to right. */
    private static boolean isUnmoved(double[] map) {
        boolean unmoved = Math.abs(map[0]) == 1;
        for (int k = 1; k < map.length; k++) {
            unmoved &= map[k] == (k % 4 == 0 ? 1 : 0);
        }
        return unmoved;
    }

    private void copy(Image picture, float[] light, boolean mirrored, FloatBuffer out) {
        int width = picture.width();
        float[] row = new float[CHANNELS * width];
        byte[] rgb = picture.data();
        int at = 0;
        for (int i = 0; i < picture.height(); i++) {
            for (int j = 0; j < width; j++) {
                int to = CHANNELS * (mirrored ? width - 1 - j : j);
                row[to] = light[(rgb[at++] & 0xff) << LightTable.BITS];
                row[to + 1] = light[(rgb[at++] & 0xff) << LightTable.BITS];
                row[to + 2] = light[(rgb[at++] & 0xff) << LightTable.BITS];
            }
            normalise(row);
            out.put(row);
        }
    }

    private void normalise(float[] row) {
        for (int k = 0; k < row.length; k += CHANNELS) {
            row[k] = row[k] * factor[0] + offset[0];
            row[k + 1] = row[k + 1] * factor[1] + offset[1];
            row[k + 2] = row[k + 2] * factor[2] + offset[2];
        }
    }
}
