package espalier.vision.augment;

import espalier.vision.image.Image;
import java.util.Arrays;

/**
 * A picture with one 64-bit word a pixel, 21 bits a channel, and an edge that makes every sample's four neighbours
 * exist: one more row and column after the last and, where outside counts as black, one before the first.
 *
 * <p>Reused for one picture after the other by one thread.
 */
final class WordPicture {
    private static final int FIELD = 21;
    private static final int KEPT_WORDS = 1 << 21;

    // Half a step of the light table in each field, so that cutting off rounds.
    private static final int SHIFT = SampleRows.BITS - LightTable.BITS;
    private static final long HALF = 1L << (SHIFT - 1);
    private static final long ROUND = HALF | (HALF << FIELD) | (HALF << (2 * FIELD));
    private static final int MASK = (1 << (FIELD - SHIFT)) - 1;

    private long[] words = {};
    private int height;
    private int width;
    private int edge;

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** Rows and columns of black before the first. */
    int edge() {
        return edge;
    }

    /** Words a row. */
    int stride() {
        return width + 1 + 2 * edge;
    }

    void load(Image picture, boolean blackOutside) {
        height = picture.height();
        width = picture.width();
        edge = blackOutside ? 1 : 0;
        int needed = Math.multiplyExact(stride(), height + 1 + 2 * edge);
        if (words.length < needed) {
            words = new long[needed];
        }
        if (blackOutside) {
            Arrays.fill(words, 0, needed, 0);
        }
        byte[] rgb = picture.data();
        int from = 0;
        for (int i = 0; i < height; i++) {
            int to = (i + edge) * stride() + edge;
            for (int j = 0; j < width; j++) {
                words[to + j] = word(rgb[from], rgb[from + 1], rgb[from + 2]);
                from += 3;
            }
        }
    }

    private static long word(byte red, byte green, byte blue) {
        return (red & 0xffL) | ((green & 0xffL) << FIELD) | ((blue & 0xffL) << (2 * FIELD));
    }

    /** Fills {@code row} with the lit samples, three floats a pixel. */
    void sample(SampleRows at, float[] row, float[] light) {
        int stride = stride();
        long[] source = words;
        int[] index = at.index;
        int[] right = at.right;
        int[] down = at.down;
        for (int j = 0; j < index.length; j++) {
            int k = index[j];
            int fx = right[j];
            int fy = down[j];
            int both = (fx * fy + SampleRows.ONE / 2) >> SampleRows.BITS;
            // Neighbours of weight 0 may be left from another picture: 0 times anything is 0.
            long sum = source[k] * (SampleRows.ONE - fx - fy + both)
                    + source[k + 1] * (fx - both)
                    + source[k + stride] * (fy - both)
                    + source[k + stride + 1] * both
                    + ROUND;
            row[3 * j] = light[(int) (sum >> SHIFT) & MASK];
            row[3 * j + 1] = light[(int) (sum >> (SHIFT + FIELD)) & MASK];
            row[3 * j + 2] = light[(int) (sum >> (SHIFT + 2 * FIELD)) & MASK];
        }
    }

    /** Gives back the memory of an unusually large picture. */
    void release() {
        if (words.length > KEPT_WORDS) {
            words = new long[0];
        }
    }
}
