package espalier.image;

import java.util.function.IntUnaryOperator;

/** Changes of a picture's levels, pixel by pixel, as torchvision does them to tensors of bytes: fractions are cut off. */
final class PixelLevels {
    private static final int CHANNELS = 3;
    private static final int LEVELS = 256;
    private static final float RED = 0.2989f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    /** The weight of a pixel among its neighbours, which have one each, in the blurred picture. */
    private static final float CENTRE = 5;

    private PixelLevels() {}

    /** Black where {@code factor} is 0, the picture where it is 1. */
    static Image brightness(Image x, double factor) {
        return mapped(x, (level, at) -> blend(level, 0, factor));
    }

    /** Grey where {@code factor} is 0, the picture where it is 1. */
    static Image color(Image x, double factor) {
        byte[] data = x.data();
        return mapped(x, (level, at) -> blend(level, grey(data, at - at % CHANNELS), factor));
    }

    /** The mean grey where {@code factor} is 0, the picture where it is 1. */
    static Image contrast(Image x, double factor) {
        byte[] data = x.data();
        double sum = 0;
        for (int at = 0; at < data.length; at += CHANNELS) {
            sum += grey(data, at);
        }
        float mean = (float) (sum * CHANNELS / data.length);
        return mapped(x, (level, at) -> blend(level, mean, factor));
    }

    /** Blurred where {@code factor} is 0, the picture where it is 1; the edges stay. */
    static Image sharpness(Image x, double factor) {
        int width = x.width();
        int height = x.height();
        if (width <= 2 || height <= 2) {
            return x;
        }
        byte[] data = x.data();
        return mapped(x, (level, at) -> {
            int row = at / CHANNELS / width;
            int column = at / CHANNELS % width;
            boolean edge = row == 0 || column == 0 || row == height - 1 || column == width - 1;
            return blend(level, edge ? level : blurred(data, at, width), factor);
        });
    }

    private static float blurred(byte[] data, int at, int width) {
        float weight = 1 / (8 + CENTRE);
        float sum = 0;
        for (int row = -1; row <= 1; row++) {
            for (int column = -1; column <= 1; column++) {
                float level = data[at + CHANNELS * (row * width + column)] & 0xff;
                sum += level * (row == 0 && column == 0 ? CENTRE * weight : weight);
            }
        }
        return (float) Math.rint(sum);
    }

    /** So many bits of each level, the others 0. */
    static Image posterize(Image x, int bits) {
        int mask = -(1 << (8 - bits));
        return mapped(x, (level, at) -> level & mask);
    }

    /** Levels from {@code threshold} on inverted. */
    static Image solarize(Image x, double threshold) {
        return mapped(x, (level, at) -> level >= threshold ? 255 - level : level);
    }

    /** Each channel stretched to all levels. */
    static Image autoContrast(Image x) {
        var tables = new int[CHANNELS][];
        for (int c = 0; c < CHANNELS; c++) {
            int[] counts = counts(x, c);
            int first = 0;
            while (counts[first] == 0) {
                first++;
            }
            int last = LEVELS - 1;
            while (counts[last] == 0) {
                last--;
            }
            int low = first;
            float scale = 255f / (last - first);
            tables[c] = first == last ? table(level -> level) : table(level -> clamped((level - low) * scale));
        }
        return mapped(x, (level, at) -> tables[at % CHANNELS][level]);
    }

    /** Each channel with its levels as evenly used as can be. */
    static Image equalize(Image x) {
        var tables = new int[CHANNELS][];
        for (int c = 0; c < CHANNELS; c++) {
            tables[c] = equalizing(counts(x, c));
        }
        return mapped(x, (level, at) -> tables[at % CHANNELS][level]);
    }

    private static int[] equalizing(int[] counts) {
        int last = LEVELS - 1;
        while (counts[last] == 0) {
            last--;
        }
        int sum = 0;
        for (int level = 0; level < last; level++) {
            sum += counts[level];
        }
        int step = sum / 255;
        if (step == 0) {
            return table(level -> level);
        }
        int[] table = new int[LEVELS];
        int below = 0;
        for (int level = 1; level < LEVELS; level++) {
            below += counts[level - 1];
            table[level] = Math.min(255, (below + step / 2) / step);
        }
        return table;
    }

    private static int[] counts(Image x, int channel) {
        int[] counts = new int[LEVELS];
        byte[] data = x.data();
        for (int at = channel; at < data.length; at += CHANNELS) {
            counts[data[at] & 0xff]++;
        }
        return counts;
    }

    private static int[] table(IntUnaryOperator levels) {
        int[] table = new int[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            table[level] = levels.applyAsInt(level);
        }
        return table;
    }

    private static int grey(byte[] data, int at) {
        return (int) (RED * (data[at] & 0xff) + GREEN * (data[at + 1] & 0xff) + BLUE * (data[at + 2] & 0xff));
    }

    private static int blend(int level, float other, double factor) {
        return clamped((float) factor * level + (float) (1 - factor) * other);
    }

    private static int clamped(float value) {
        return (int) Math.min(255, Math.max(0, value));
    }

    /** A level at a place of the bytes to another level. */
    private interface Change {
        int of(int level, int at);
    }

    private static Image mapped(Image x, Change change) {
        byte[] data = x.data();
        byte[] out = new byte[data.length];
        for (int at = 0; at < data.length; at++) {
            out[at] = (byte) change.of(data[at] & 0xff, at);
        }
        return Image.of(x.width(), x.height(), out);
    }
}
