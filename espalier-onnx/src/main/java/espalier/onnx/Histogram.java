package espalier.onnx;

import java.nio.FloatBuffer;

/**
 * How often values were seen, in bins of one width around 0. When a value lies outside, bins join in pairs, so that one pass
 * over values of any size is enough.
 */
final class Histogram {
    private static final int BINS = 8192; // even, so that a bin ends at 0

    private final long[] counts = new long[BINS];
    private float bound = 1e-6f;
    private long total;
    private float least;
    private float most;

    /** Counts the rest of a buffer; values that are not finite are left out. */
    void add(FloatBuffer values) {
        float[] all = new float[values.remaining()];
        values.get(all);
        float largest = bound;
        for (float value : all) {
            float size = Math.abs(value);
            if (size > largest && size <= Float.MAX_VALUE / 4) {
                largest = size;
            }
        }
        while (bound < largest) {
            widen();
        }
        float scale = BINS / 2 / bound;
        for (float value : all) {
            if (Math.abs(value) <= bound) {
                counts[Math.min(BINS - 1, (int) (value * scale + BINS / 2))]++;
                total++;
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
    }

    private void widen() {
        long[] wide = new long[BINS];
        for (int i = 0; i < BINS; i++) {
            wide[BINS / 4 + i / 2] += counts[i];
        }
        System.arraycopy(wide, 0, counts, 0, BINS);
        bound *= 2;
    }

    /**
     * The smallest and largest value when {@code share} of all are left out at either end.
     *
     * @return two numbers, the first not above 0 and the second not below
     */
    float[] range(double share) {
        long left = (long) (total * share);
        int low = 0;
        for (long seen = 0; low < BINS - 1 && seen + counts[low] <= left; low++) {
            seen += counts[low];
        }
        int high = BINS - 1;
        for (long seen = 0; high > 0 && seen + counts[high] <= left; high--) {
            seen += counts[high];
        }
        float width = 2 * bound / BINS;
        return new float[] {
            Math.max(least, Math.min(0, low * width - bound)), Math.min(most, Math.max(0, (high + 1) * width - bound))
        };
    }
}
