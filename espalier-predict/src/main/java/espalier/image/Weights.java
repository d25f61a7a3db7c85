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
        var weights = new Weights(length, stride(kind, scale));
        each(kind, in, low, scale, from, length, weights::set);
        return weights;
    }

    /** As a matrix of floats {@code [out, in]} that resizes a whole axis. */
    static float[] matrix(Interpolation kind, int in, int out) {
        float[] matrix = new float[out * in];
        each(kind, in, 0, (double) in / out, 0, out, (i, first, exact, count) -> {
            for (int k = 0; k < count; k++) {
                matrix[i * in + first + k] = (float) exact[k];
            }
        });
        return matrix;
    }

    /** Takes the exact weights of one output: those of {@code count} source pixels from {@code first} on. */
    private interface Sink {
        void take(int i, int first, double[] exact, int count);
    }

    private static void each(Interpolation kind, int in, double low, double scale, int from, int length, Sink sink) {
        double stretch = Math.max(scale, 1);
        double support = kind.support() * stretch;
        double[] exact = new double[stride(kind, scale)];
        for (int i = 0; i < length; i++) {
            double centre = low + (from + i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - support + 0.5));
            int count = Math.min(in, (int) (centre + support + 0.5)) - first;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                exact[k] = kind.weight((first + k - centre + 0.5) * (1 / stretch));
                sum += exact[k];
            }
            for (int k = 0; k < count && sum != 0; k++) {
                exact[k] /= sum;
            }
            sink.take(i, first, exact, count);
        }
    }

    /** The most source pixels that an output can need. */
    private static int stride(Interpolation kind, double scale) {
        return (int) Math.ceil(kind.support() * Math.max(scale, 1)) * 2 + 1;
    }

    private void set(int i, int start, double[] exact, int taps) {
        int base = i * stride;
        for (int k = 0; k < taps; k++) {
            values[base + k] = (int) (exact[k] * (1 << BITS) + (exact[k] < 0 ? -0.5 : 0.5));
        }
        while (taps > 1 && values[base + taps - 1] == 0) {
            taps--; // zero weights at the end cost time and change nothing
        }
        first[i] = start;
        count[i] = taps;
    }

    /** The most source pixels that one of these outputs needs. */
    int most() {
        int most = 1;
        for (int n : count) {
            most = Math.max(most, n);
        }
        return most;
    }
}
