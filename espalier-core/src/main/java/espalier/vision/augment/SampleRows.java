package espalier.vision.augment;

import espalier.tensor.Functional.Padding;

/**
 * Where the pixels of one row of a result come from: for each the index of the upper left of four neighbours in a
 * {@link WordPicture}, and how far right and down of it, in 1/8192 of a pixel.
 */
final class SampleRows {
    /** Bits of a weight. */
    static final int BITS = 13;

    /** A weight of 1. */
    static final int ONE = 1 << BITS;

    final int[] index;
    final int[] right;
    final int[] down;

    private final double[] map;
    private final WordPicture words;
    private final Sampling.Target target;
    private final float[] x;
    private final float[] y;

    SampleRows(double[] map, WordPicture words, Sampling.Target target) {
        this.words = words;
        this.target = target;
        this.map = inPixels(map, words, target);
        index = new int[target.width()];
        right = new int[target.width()];
        down = new int[target.width()];
        x = new float[target.width()];
        y = new float[target.width()];
    }

    /** From (column, row, 1) of the result to the column and row of the source, times the depth. */
    private static double[] inPixels(double[] map, WordPicture words, Sampling.Target target) {
        double halfX = (words.width() - 1) / 2.0;
        double halfY = (words.height() - 1) / 2.0;
        double[] toPixels = {halfX, 0, halfX, 0, halfY, halfY, 0, 0, 1};
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
        return CoordinateMap.product(toPixels, CoordinateMap.product(map, toPositions));
    }

    private static double step(int size) {
        return size > 1 ? 2.0 / (size - 1) : 0;
    }

    /** Computes the arrays for one row of the result. */
    void locate(int row) {
        float m0 = (float) map[0];
        float m3 = (float) map[3];
        float m6 = (float) map[6];
        float startX = (float) (map[1] * row + map[2]);
        float startY = (float) (map[4] * row + map[5]);
        float startDepth = (float) (map[7] * row + map[8]);
        for (int j = 0; j < x.length; j++) {
            float inverse = 1 / (m6 * j + startDepth);
            x[j] = (m0 * j + startX) * inverse;
            y[j] = (m3 * j + startY) * inverse;
        }
        fold(x, words.width(), target.padding());
        fold(y, words.height(), target.padding());
        int edge = words.edge();
        int stride = words.stride();
        for (int j = 0; j < x.length; j++) {
            // Not negative, so that the conversion rounds down as it should.
            int column = (int) ((x[j] + edge) * ONE + 0.5f);
            int line = (int) ((y[j] + edge) * ONE + 0.5f);
            index[j] = (line >> BITS) * stride + (column >> BITS);
            right[j] = column & (ONE - 1);
            down[j] = line & (ONE - 1);
        }
    }

    /** Brings positions into the picture: mirrored at the border, held at it, or up to one pixel outside. */
    private static void fold(float[] positions, int size, Padding padding) {
        float last = size - 1;
        if (padding == Padding.REFLECTION) {
            reflect(positions, last);
        }
        float min = padding == Padding.ZEROS ? -1 : 0;
        float max = padding == Padding.ZEROS ? size : last;
        for (int j = 0; j < positions.length; j++) {
            positions[j] = Math.min(max, Math.max(min, positions[j]));
        }
    }

    private static void reflect(float[] positions, float last) {
        for (int j = 0; j < positions.length; j++) {
            float once = last - Math.abs(last - Math.abs(positions[j]));
            // Farther out than one picture's size it takes more mirrors.
            positions[j] = once >= 0 || last == 0 ? once : folded(positions[j], last);
        }
    }

    private static float folded(float position, float last) {
        float within = Math.abs(position) % (2 * last);
        return within > last ? 2 * last - within : within;
    }
}
