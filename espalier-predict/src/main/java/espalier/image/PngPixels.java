package espalier.image;

import java.util.Arrays;

/**
 * Turns the unfiltered rows of a PNG into RGB: any bit depth to 8 by full range (65535 becomes 255),
 * palettes and grey to colour, transparency over white.
 */
final class PngPixels {
    private static final int PALETTE = 3;

    private final int colourType;
    private final int bitDepth;
    private final int channels;
    private final byte[] palette = new byte[768];
    private final byte[] paletteAlpha = new byte[256];
    private int colours;
    /** The one colour that is transparent, a sample a channel, in the file's own depth; empty when none is. */
    private int[] key = {};

    PngPixels(int colourType, int bitDepth) {
        this.colourType = colourType;
        this.bitDepth = bitDepth;
        this.channels = switch (colourType) {
            case 0, PALETTE -> 1;
            case 4 -> 2;
            case 6 -> 4;
            default -> 3;
        };
        Arrays.fill(paletteAlpha, (byte) 0xff);
    }

    void palette(byte[] bytes, int at, int length) throws Unreadable {
        if (length % 3 != 0 || length > palette.length) {
            throw Unreadable.damaged(ImageType.PNG, "palette of " + length + " bytes");
        }
        colours = length / 3;
        System.arraycopy(bytes, at, palette, 0, length);
    }

    void transparency(byte[] bytes, int at, int length) {
        if (colourType == PALETTE) {
            System.arraycopy(bytes, at, paletteAlpha, 0, Math.min(length, paletteAlpha.length));
        } else if ((colourType == 0 || colourType == 2) && length >= 2 * channels) {
            key = new int[channels];
            for (int c = 0; c < channels; c++) {
                key[c] = ((bytes[at + 2 * c] & 0xff) << 8 | (bytes[at + 2 * c + 1] & 0xff)) & ((1 << bitDepth) - 1);
            }
        }
    }

    /** Writes {@code columns} pixels of {@code row} (whose byte 0 is the filter) to {@code out}, each {@code step} bytes after the last. */
    void write(byte[] row, int columns, byte[] out, int at, int step) throws Unreadable {
        if (colourType == 2 && bitDepth == 8 && key.length == 0 && step == 3) {
            System.arraycopy(row, 1, out, at, 3 * columns);
            return;
        }
        if (colourType == PALETTE && colours == 0) {
            throw Unreadable.damaged(ImageType.PNG, "no palette");
        }
        for (int x = 0; x < columns; x++, at += step) {
            switch (colourType) {
                case 0 -> put(out, at, level(row, x, 0), level(row, x, 0), level(row, x, 0), opacity(row, x));
                case 2 -> put(out, at, level(row, x, 0), level(row, x, 1), level(row, x, 2), opacity(row, x));
                case PALETTE -> {
                    int i = sample(row, x, 0);
                    put(out, at, palette[3 * i], palette[3 * i + 1], palette[3 * i + 2], paletteAlpha[i] & 0xff);
                }
                case 4 -> put(out, at, level(row, x, 0), level(row, x, 0), level(row, x, 0), level(row, x, 1));
                default -> put(out, at, level(row, x, 0), level(row, x, 1), level(row, x, 2), level(row, x, 3));
            }
        }
    }

    /** Writes one pixel over white. */
    private static void put(byte[] out, int at, int red, int green, int blue, int alpha) {
        if (alpha == 255) {
            out[at] = (byte) red;
            out[at + 1] = (byte) green;
            out[at + 2] = (byte) blue;
        } else {
            out[at] = Image.overWhite(red & 0xff, alpha);
            out[at + 1] = Image.overWhite(green & 0xff, alpha);
            out[at + 2] = Image.overWhite(blue & 0xff, alpha);
        }
    }

    private int opacity(byte[] row, int x) {
        if (key.length == 0) {
            return 255;
        }
        for (int c = 0; c < channels; c++) {
            if (sample(row, x, c) != key[c]) {
                return 255;
            }
        }
        return 0;
    }

    /** The sample as a level of 0 to 255. */
    private int level(byte[] row, int x, int channel) {
        int value = sample(row, x, channel);
        return switch (bitDepth) {
            case 8 -> value;
            case 16 -> (value * 255 + 32767) / 65535;
            default -> value * 255 / ((1 << bitDepth) - 1);
        };
    }

    /** The sample as it stands in the file. */
    private int sample(byte[] row, int x, int channel) {
        int index = x * channels + channel;
        return switch (bitDepth) {
            case 8 -> row[1 + index] & 0xff;
            case 16 -> (row[1 + 2 * index] & 0xff) << 8 | (row[2 + 2 * index] & 0xff);
            default -> {
                int bit = index * bitDepth;
                yield ((row[1 + (bit >> 3)] & 0xff) >> (8 - bitDepth - (bit & 7))) & ((1 << bitDepth) - 1);
            }
        };
    }
}
