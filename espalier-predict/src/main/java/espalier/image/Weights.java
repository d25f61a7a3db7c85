package espalier.image;

/**
 * For each output pixel along one axis: where its source pixels begin, how many they are, and their
 * weights in fixed point. The same numbers as Pillow's 8-bit path, so that results are equal bit for bit.
 */
final class Weights {
    /** Fraction bits: 8 are the sample's, 2 are left for overshoot and sign. */
    static final int BITS = 32 - 8 - 2;

    final int[] first;
    final int[] count;
    /** Row {@code i} holds the weights of output pixel {@code i}, {@link #stride} apart. */
    final int[] values;

    final int stride;

    private Weights(int length, int stride) {
        this.first = new int[length];
        this.count = new int[length];
        this.values = new int[length * stride];
        this.stride = stride;
    }

    /**
     * Weights of the outputs {@code from .. from + length} out of {@code out} that cover {@code low .. high}
     * of {@code in} source pixels.
     */
    static Weights of(Interpolation kind, int in, float low, float high, int out, int from, int length) {
        double scale = (double) (high - low) / out;
        double stretch = Math.max(scale, 1);
        double support = kind.support() * stretch;
        int stride = (int) Math.ceil(support) * 2 + 1;
        var weights = new Weights(length, stride);
        double[] exact = new double[stride];
        for (int i = 0; i < length; i++) {
            double centre = low + (from + i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - support + 0.5));
            int count = Math.min(in, (int) (centre + support + 0.5)) - first;
            weigh(kind, first, centre, stretch, exact, count);
            weights.set(i, first, exact, count);
        }
        return weights;
    }

    /** As a matrix of floats {@code [out, in]} that resizes a whole axis. */
    static float[] matrix(Interpolation kind, int in, int out) {
        double scale = (double) in / out;
        double stretch = Math.max(scale, 1);
        double support = kind.support() * stretch;
        float[] matrix = new float[out * in];
        double[] exact = new double[in];
        for (int i = 0; i < out; i++) {
            double centre = (i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - support + 0.5));
            int count = Math.min(in, (int) (centre + support + 0.5)) - first;
            weigh(kind, first, centre, stretch, exact, count);
            for (int k = 0; k < count; k++) {
                matrix[i * in + first + k] = (float) exact[k];
            }
        }
        return matrix;
    }

    /** The weights of {@code count} source pixels from {@code first} on, which add up to 1. */
    private static void weigh(Interpolation kind, int first, double centre, double stretch, double[] exact, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) {
            exact[k] = kind.weight((first + k - centre + 0.5) * (1 / stretch));
            sum += exact[k];
        }
        for (int k = 0; k < count && sum != 0; k++) {
            exact[k] /= sum;
        }
    }

    private void set(int i, int start, double[] exact, int taps) {
        int base = i * stride;
        for (int k = 0; k < taps; k++) {
            double normal = exact[k];
            values[base + k] = (int) (normal * (1 << BITS) + (normal < 0 ? -0.5 : 0.5));
        }
        while (taps > 1 && values[base + taps - 1] == 0) {
            taps--; // zero weights at the end cost time and change nothing
        }
        first[i] = start;
        count[i] = taps;
    }

    /** The most source pixels that one output needs. */
    int most() {
        int most = 1;
        for (int n : count) {
            most = Math.max(most, n);
        }
        return most;
    }
}
