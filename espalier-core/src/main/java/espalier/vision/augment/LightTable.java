package espalier.vision.augment;

/** What light makes of every level in steps of a sixteenth: floats from 0 to 1, 4081 of them and some room. */
final class LightTable {
    /** Bits of a level below the point. */
    static final int BITS = 4;

    /** The entry of white. */
    static final int WHITE = 255 << BITS;

    // A power of two, so that masking an index shows the compiler that it is within bounds.
    private static final int SIZE = 256 << BITS;
    private static final double EPS = 1e-7;
    private static final int FINE = 128;
    private static final int STRIDE = 8;
    private static final float[] PLAIN = plain();
    private static final double[] LOGITS = logits();

    private LightTable() {}

    /** The table of a tone without saturation. */
    static float[] of(Tone tone) {
        return tone.neutral() ? PLAIN : lit(tone.own(), tone.shift());
    }

    /** Exact at both ends, where the curve bends; between them every eighth entry is exact and the rest linear. */
    private static float[] lit(double scale, double shift) {
        float[] table = new float[SIZE];
        for (int k = 0; k <= FINE; k++) {
            table[k] = lit(k, scale, shift);
            table[WHITE - k] = lit(WHITE - k, scale, shift);
        }
        for (int k = FINE; k < WHITE - FINE; k += STRIDE) {
            float from = table[k];
            float step = (lit(k + STRIDE, scale, shift) - from) / STRIDE;
            for (int s = 1; s <= STRIDE; s++) {
                table[k + s] = from + s * step;
            }
        }
        return table;
    }

    private static float lit(int entry, double scale, double shift) {
        return (float) (1 / (1 + Math.exp(-(scale * LOGITS[entry] + shift))));
    }

    private static float[] plain() {
        float[] table = new float[SIZE];
        for (int k = 0; k <= WHITE; k++) {
            table[k] = (float) k / WHITE;
        }
        return table;
    }

    private static double[] logits() {
        double[] logits = new double[WHITE + 1];
        for (int k = 0; k <= WHITE; k++) {
            double x = Math.min(1 - EPS, Math.max(EPS, (double) k / WHITE));
            logits[k] = Math.log(x / (1 - x));
        }
        return logits;
    }
}
