package espalier.image;

/** The run lengths of a BMP with 256 or 16 colours. */
final class BmpRuns {
    /** Rows may be filled up to whole words of four bytes, and so may the file. */
    private static final int PADDING = 4;

    private final byte[] bytes;
    private final int width;
    private final int height;
    private final boolean nibbles;
    private final byte[] indices;
    private int at;
    private int x;
    private int y;
    /** How far the longest row goes beyond the picture's width. */
    private int beyond;

    BmpRuns(byte[] bytes, long at, int width, int height, int bits) {
        this.bytes = bytes;
        this.at = (int) Math.min(at, bytes.length);
        this.width = width;
        this.height = height;
        this.nibbles = bits == 4;
        this.indices = new byte[width * height];
    }

    /** Writes all pixels in the file's order; skipped ones have colour 0. False when the file ends before its picture does. */
    boolean paint(byte[] palette, byte[] out) {
        boolean whole = unpack();
        int known = whole ? indices.length : Math.min(indices.length, y * width + x);
        for (int i = 0; i < known; i++) {
            System.arraycopy(palette, 3 * (indices[i] & 0xff), out, 3 * i, 3);
        }
        return whole;
    }

    /** True when runs do not keep to the rows, as none do that a writer meant: some of them are lost, or too much. */
    boolean astray() {
        return beyond > PADDING
                || (y >= height && bytes.length - at > PADDING && !(bytes[at] == 0 && bytes[at + 1] == 1));
    }

    private boolean unpack() {
        while (at + 2 <= bytes.length && y < height) {
            beyond = Math.max(beyond, x - width);
            int count = bytes[at] & 0xff;
            int value = bytes[at + 1] & 0xff;
            at += 2;
            if (count > 0) {
                for (int i = 0; i < count; i++) {
                    put(value, i);
                }
            } else if (value == 0) {
                x = 0;
                y++;
            } else if (value == 1) {
                return true;
            } else if (value == 2 && at + 2 <= bytes.length) {
                x += bytes[at] & 0xff;
                y += bytes[at + 1] & 0xff;
                at += 2;
            } else if (!literal(value)) {
                return false;
            }
        }
        return y >= height || (y == height - 1 && x >= width);
    }

    /** Takes {@code count} pixels as they stand, in whole words of two bytes; false when the file ends within. */
    private boolean literal(int count) {
        int length = nibbles ? (count + 1) / 2 : count;
        if (at + length > bytes.length) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            put(bytes[at + (nibbles ? i / 2 : i)] & 0xff, i);
        }
        at += length + length % 2;
        return true;
    }

    /** The pixel number {@code i} of a run, in a byte of its own or half of one; beyond the row's end it is dropped. */
    private void put(int value, int i) {
        if (x < width && y < height) {
            indices[y * width + x] = (byte) (nibbles ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
        }
        x++;
    }
}
