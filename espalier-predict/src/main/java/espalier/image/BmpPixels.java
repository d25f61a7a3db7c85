package espalier.image;

/** Takes red, green, blue and alpha out of pixels of two to four bytes, each from the bits that its mask has. */
final class BmpPixels {
    private final int bytesPerPixel;
    private final int[] masks;
    private final int[] shifts = new int[4];
    private final long[] most = new long[4];
    private byte[] alpha = {};
    private boolean visible;

    /** Masks of red, green, blue and alpha; 0 for no alpha. */
    BmpPixels(int bytesPerPixel, int[] masks) {
        this.bytesPerPixel = bytesPerPixel;
        this.masks = masks;
        for (int c = 0; c < masks.length; c++) {
            shifts[c] = masks[c] == 0 ? 0 : Integer.numberOfTrailingZeros(masks[c]);
            most[c] = Integer.toUnsignedLong(masks[c] >>> shifts[c]);
        }
    }

    /** Writes {@code count} pixels as red, green, blue. */
    void write(byte[] bytes, int from, int count, byte[] out, int to) {
        if (masks[3] != 0 && alpha.length == 0) {
            alpha = new byte[out.length / 3];
        }
        boolean plain = bytesPerPixel >= 3 && masks[0] == 0xff0000 && masks[1] == 0xff00 && masks[2] == 0xff;
        for (int x = 0, at = from, o = to; x < count; x++, at += bytesPerPixel, o += 3) {
            if (plain) {
                out[o] = bytes[at + 2];
                out[o + 1] = bytes[at + 1];
                out[o + 2] = bytes[at];
            }
            if (!plain || masks[3] != 0) {
                int pixel = pixel(bytes, at);
                for (int c = 0; c < 3 && !plain; c++) {
                    out[o + c] = level(pixel, c);
                }
                if (masks[3] != 0) {
                    alpha[o / 3] = level(pixel, 3);
                    visible |= alpha[o / 3] != 0;
                }
            }
        }
    }

    private int pixel(byte[] bytes, int at) {
        int pixel = 0;
        for (int i = bytesPerPixel - 1; i >= 0; i--) {
            pixel = pixel << 8 | (bytes[at + i] & 0xff);
        }
        return pixel;
    }

    private byte level(int pixel, int channel) {
        long value = Integer.toUnsignedLong((pixel & masks[channel]) >>> shifts[channel]);
        return most[channel] == 255 || most[channel] == 0 ? (byte) value : (byte) (value * 255 / most[channel]);
    }

    /** Whether there is an alpha, and it shows nothing at all. */
    boolean isAllTransparent() {
        return alpha.length > 0 && !visible;
    }

    /** Puts what was written on white, if it has an alpha that shows anything at all. */
    void overWhite(byte[] out) {
        for (int i = 0; i < out.length && visible; i++) {
            out[i] = Image.overWhite(out[i] & 0xff, alpha[i / 3] & 0xff);
        }
    }
}
