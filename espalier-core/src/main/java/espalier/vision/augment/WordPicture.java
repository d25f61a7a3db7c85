package espalier.vision.augment;

import espalier.image.Image;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A picture with one 64-bit word a pixel, 21 bits a channel, and an edge that makes every sample's four neighbours
 * exist: one more row and column after the last and, where outside counts as black, one before the first.
 *
 * <p>Reused for one picture after the other by one thread.
 */
final class WordPicture {
    /** Bits of a channel in a word: 8 of the level and 13 of a weight. */
    static final int FIELD = 21;

    private static final int KEPT_WORDS = 1 << 21;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private long[] words = {};
    private int height;
    private int width;
    private int edge;

    long[] words() {
        return words;
    }

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
        for (int i = 0; i < height; i++) {
            loadRow(rgb, 3 * i * width, (i + edge) * stride() + edge);
        }
    }

    private void loadRow(byte[] rgb, int from, int to) {
        long[] target = words;
        // Four bytes at a time, of which the fourth is the next pixel's: the last pixel of all is left to the loop
        // below.
        int whole = from + 3 * width < rgb.length ? width : width - 1;
        for (int j = 0; j < whole; j++) {
            target[to + j] = word((int) INT.get(rgb, from + 3 * j));
        }
        for (int j = whole; j < width; j++) {
            int at = from + 3 * j;
            target[to + j] = word((rgb[at] & 0xff) | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff) << 16);
        }
    }

    private static long word(int rgb) {
        return (rgb & 0xffL) | ((rgb & 0xff00L) << (FIELD - 8)) | ((rgb & 0xff0000L) << (2 * FIELD - 16));
    }

    /** Gives back the memory of an unusually large picture. */
    void release() {
        if (words.length > KEPT_WORDS) {
            words = new long[0];
        }
    }
}
