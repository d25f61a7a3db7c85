package espalier.vision.augment;

import espalier.tensor.Functional.Padding;
import espalier.tensor.ShapeException;

/**
 * Takes the rows of a result out of a {@link WordPicture}: bilinear samples at the positions of a projective map,
 * each channel through a table of light, then scaled and shifted.
 *
 * <p>Positions are in 1/8192 of a pixel. The weights of four neighbours add up to 8192, so that one multiplication
 * and addition a neighbour sums all three channels of a word without a carry between them.
 */
final class WordSampler {
    private static final int BITS = 13;
    private static final int ONE = 1 << BITS;
    private static final int MAX_SIDE = 1 << 16;

    // Half a step of the light table in each field, so that cutting off rounds.
    private static final int SHIFT = BITS - LightTable.BITS;
    private static final int FIELD = WordPicture.FIELD;
    private static final long HALF = 1L << (SHIFT - 1);
    private static final long ROUND = HALF | (HALF << FIELD) | (HALF << (2 * FIELD));

    private final WordPicture picture;
    private final double[] map;
    private final boolean mirrored;
    private final float[] light;
    private final float[] factor;
    private final float[] offset;

    /** @param factor what lit channels are multiplied by, and {@code offset} what is then added */
    WordSampler(
            WordPicture picture, double[] map, Sampling.Target target, float[] light, float[] factor, float[] offset) {
        if (picture.width() > MAX_SIDE || picture.height() > MAX_SIDE) {
            throw new ShapeException("expected pictures of at most " + MAX_SIDE + " pixels a side, received "
                    + picture.height() + "x" + picture.width() + ". Maybe resize them first.");
        }
        this.picture = picture;
        this.map = inSteps(map, picture, target);
        this.mirrored = target.padding() == Padding.REFLECTION;
        this.light = light;
        this.factor = factor;
        this.offset = offset;
    }

    /** From (column, row, 1) of the result to the column and row of the words in 1/8192, rounded when cut off. */
    private static double[] inSteps(double[] map, WordPicture picture, Sampling.Target target) {
        double halfX = (picture.width() - 1) / 2.0;
        double halfY = (picture.height() - 1) / 2.0;
        double rounded = picture.edge() + 0.5 / ONE;
        double[] toSteps = {ONE * halfX, 0, ONE * (halfX + rounded), 0, ONE * halfY, ONE * (halfY + rounded), 0, 0, 1};
        double[] toPositions = {
            step(target.width()),
            0,
            Sampling.position(0, target.width()),
            0,
            step(target.height()),
            Sampling.position(0, target.height()),
            0,
            0,
            1
        };
        return CoordinateMap.product(toSteps, CoordinateMap.product(map, toPositions));
    }

    private static double step(int size) {
        return size > 1 ? 2.0 / (size - 1) : 0;
    }

    /** Fills {@code out} with row {@code i} of the result, three floats a pixel. */
    void sample(int i, float[] out) {
        float m0 = (float) map[0];
        float m3 = (float) map[3];
        float m6 = (float) map[6];
        float startX = (float) (map[1] * i + map[2]);
        float startY = (float) (map[4] * i + map[5]);
        float startDepth = (float) (map[7] * i + map[8]);
        int lastX = (picture.width() - 1 + 2 * picture.edge()) << BITS;
        int lastY = (picture.height() - 1 + 2 * picture.edge()) << BITS;
        int stride = picture.stride();
        long[] words = picture.words();
        int width = out.length / 3;
        // Counted in floats: converting j would make each pixel wait for the one before (cvtsi2ss keeps half a
        // register).
        float column = 0;
        for (int j = 0; j < width; j++) {
            float inverse = 1 / (m6 * column + startDepth);
            int x = (int) ((m0 * column + startX) * inverse);
            int y = (int) ((m3 * column + startY) * inverse);
            column++;
            if (x < 0 || x > lastX) {
                x = fold(x, lastX);
            }
            if (y < 0 || y > lastY) {
                y = fold(y, lastY);
            }
            put(out, 3 * j, sum(words, (y >> BITS) * stride + (x >> BITS), stride, x & (ONE - 1), y & (ONE - 1)));
        }
    }

    /** Brings a position into the picture: mirrored at its border, or held there, which may be one of black. */
    private int fold(int position, int last) {
        if (!mirrored || last == 0) {
            return Math.max(0, Math.min(last, position));
        }
        int within = (Math.abs(position) & Integer.MAX_VALUE) % (2 * last);
        return within > last ? 2 * last - within : within;
    }

    private static long sum(long[] words, int at, int stride, int right, int down) {
        int both = (right * down + ONE / 2) >> BITS;
        // Neighbours of weight 0 may be left from another picture: 0 times anything is 0.
        return words[at] * (ONE - right - down + both)
                + words[at + 1] * (right - both)
                + words[at + stride] * (down - both)
                + words[at + stride + 1] * both
                + ROUND;
    }

    private void put(float[] out, int at, long sum) {
        float[] table = light;
        out[at] = table[(int) (sum >> SHIFT) & (table.length - 1)] * factor[0] + offset[0];
        out[at + 1] = table[(int) (sum >> (SHIFT + FIELD)) & (table.length - 1)] * factor[1] + offset[1];
        out[at + 2] = table[(int) (sum >> (SHIFT + 2 * FIELD)) & (table.length - 1)] * factor[2] + offset[2];
    }
}
