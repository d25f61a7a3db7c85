package espalier.image;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * In training, cuts out a box of random area and aspect and resizes it; otherwise squishes the whole picture
 * to a little more than the size and cuts out the centre. Both as fastai's transform of the same name, and
 * each in one antialiased resampling.
 *
 * <p>Training tries ten boxes: area uniform in {@code minScale .. maxScale} of the picture's, logarithm of the
 * aspect uniform in {@code minRatio .. maxRatio}; when none fits, the largest centred box within the aspects.
 * Validation adds {@code ceil(max(height, width) * extra / 8) * 8} pixels to both sides before the centre crop:
 * 224 becomes 256.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param minScale least share of the picture's area, above 0
 * @param maxScale largest share, up to 1
 * @param minRatio least width over height of the box
 * @param maxRatio largest width over height of the box
 * @param extra share of the size that validation cuts off again
 * @param interpolation how neighbours are weighed
 * @paper Szegedy et al. 2014, "Going deeper with convolutions", section 6
 */
public record RandomResizedCrop(
        int height,
        int width,
        double minScale,
        double maxScale,
        double minRatio,
        double maxRatio,
        double extra,
        Interpolation interpolation)
        implements Resizing {
    private static final int TRIES = 10;
    private static final int EXTRA_STEP = 8;

    public RandomResizedCrop {
        Sides.check(height, width);
        if (!(minScale > 0 && minScale <= maxScale && maxScale <= 1)) {
            throw new IllegalArgumentException("scales must be 0 < minScale <= maxScale <= 1, received " + minScale
                    + " and " + maxScale + ". Maybe per cent were meant: 0.5 is half the area");
        }
        if (!(minRatio > 0 && minRatio <= maxRatio) || !(extra >= 0 && extra <= 1)) {
            throw new IllegalArgumentException(
                    "ratios must be 0 < minRatio <= maxRatio and extra from 0 to 1, received " + minRatio + ", "
                            + maxRatio + " and " + extra + ". Maybe the two ratios are exchanged");
        }
    }

    /** Crops of 8 % to 100 % of the area and aspects from 3:4 to 4:3, to a square of {@code size} pixels a side. */
    public static RandomResizedCrop of(int size) {
        return of(size, size);
    }

    /** The same for {@code height} rows and {@code width} columns. */
    public static RandomResizedCrop of(int height, int width) {
        return new RandomResizedCrop(height, width, 0.08, 1, 3.0 / 4, 4.0 / 3, 0.14, Interpolation.BILINEAR);
    }

    /** The same with another least share of the area. */
    public RandomResizedCrop minScale(double minScale) {
        return new RandomResizedCrop(height, width, minScale, maxScale, minRatio, maxRatio, extra, interpolation);
    }

    /** The same with another largest share of the area. */
    public RandomResizedCrop maxScale(double maxScale) {
        return new RandomResizedCrop(height, width, minScale, maxScale, minRatio, maxRatio, extra, interpolation);
    }

    /** The same with other aspects, width over height. */
    public RandomResizedCrop ratio(double minRatio, double maxRatio) {
        return new RandomResizedCrop(height, width, minScale, maxScale, minRatio, maxRatio, extra, interpolation);
    }

    /** The same with another share that validation cuts off. */
    public RandomResizedCrop extra(double extra) {
        return new RandomResizedCrop(height, width, minScale, maxScale, minRatio, maxRatio, extra, interpolation);
    }

    /** The same with another interpolation. */
    public RandomResizedCrop interpolation(Interpolation interpolation) {
        return new RandomResizedCrop(height, width, minScale, maxScale, minRatio, maxRatio, extra, interpolation);
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        if (training) {
            return Resample.of(width, height)
                    .interpolation(interpolation)
                    .crop(box(x.width(), x.height(), rng))
                    .apply(x);
        }
        int more = more();
        return Resample.of(width + more, height + more)
                .interpolation(interpolation)
                .window(new Region(more / 2, more / 2, width, height))
                .apply(x);
    }

    /** Pixels that validation adds to both sides and cuts off again. */
    private int more() {
        return (int) Math.ceil(Math.max(height, width) * extra / EXTRA_STEP) * EXTRA_STEP;
    }

    private Region box(int fullWidth, int fullHeight, Rng rng) {
        for (int i = 0; i < TRIES; i++) {
            double area = rng.uniform(minScale, maxScale) * fullWidth * fullHeight;
            double ratio = Math.exp(rng.uniform(Math.log(minRatio), Math.log(maxRatio)));
            int boxWidth = (int) Math.rint(Math.sqrt(area * ratio));
            int boxHeight = (int) Math.rint(Math.sqrt(area / ratio));
            if (boxWidth >= 1 && boxHeight >= 1 && boxWidth <= fullWidth && boxHeight <= fullHeight) {
                int left = rng.nextInt(fullWidth - boxWidth + 1);
                int top = rng.nextInt(fullHeight - boxHeight + 1);
                return new Region(left, top, boxWidth, boxHeight);
            }
        }
        double ratio = (double) fullWidth / fullHeight;
        int boxWidth = ratio > maxRatio ? Math.max(1, (int) (fullHeight * maxRatio)) : fullWidth;
        int boxHeight = ratio < minRatio ? Math.max(1, (int) (fullWidth / minRatio)) : fullHeight;
        boxWidth = Math.min(boxWidth, fullWidth);
        boxHeight = Math.min(boxHeight, fullHeight);
        return new Region((fullWidth - boxWidth) / 2, (fullHeight - boxHeight) / 2, boxWidth, boxHeight);
    }

    /**
     * As large as keeps the smallest square crop from being enlarged: its side is the shorter side times the
     * root of {@link #minScale}. So a crop of the least area costs no more detail than in the full picture, but
     * for the most elongated ones (by up to 15 %).
     */
    @Override
    public int decodeShortSide() {
        double side = Math.max(height, width);
        return (int) Math.ceil(Math.max(MARGIN * (side + more()), side / Math.sqrt(minScale)));
    }

    @Override
    public String name() {
        return "randomResizedCrop";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                "height", height,
                "width", width,
                "minScale", minScale,
                "maxScale", maxScale,
                "minRatio", minRatio,
                "maxRatio", maxRatio,
                "extra", extra,
                "interpolation", Sides.word(interpolation));
    }
}
