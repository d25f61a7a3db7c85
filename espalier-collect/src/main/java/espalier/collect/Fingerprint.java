package espalier.collect;

import espalier.image.Image;
import espalier.image.Interpolation;
import espalier.image.Resample;
import java.util.Arrays;

/**
 * What is left of a picture when only its composition counts: a grey version of 64x64 pixels and two
 * hashes of 64 bits in each of the eight ways to turn and mirror it. Copies that were resized,
 * recompressed, turned, mirrored or slightly cropped have fingerprints alike; {@link Duplicates} compares them.
 *
 * <p>The hashes are dHash (signs of horizontal differences of a 9x8 version) and pHash (signs of the lowest
 * 8x8 frequencies of a cosine transform, against their median). Turning and mirroring only permutes the
 * frequencies and flips their signs, so that one transform serves all eight.
 */
public final class Fingerprint {
    static final int SIDE = 64;
    static final int VARIANTS = 8;
    private static final int SMALL = 32;
    private static final int LOW = 8;
    private static final double BLANK = 2.0;
    private static final double[][] COSINES = cosines();

    private final float[] grey;
    private final long[] differences = new long[VARIANTS];
    private final long[] frequencies = new long[VARIANTS];
    private final boolean blank;

    private Fingerprint(float[] grey) {
        this.grey = grey;
        float[] small = halved(grey);
        this.blank = deviation(small) < BLANK;
        double[][] spectrum = spectrum(small);
        for (int variant = 0; variant < VARIANTS; variant++) {
            differences[variant] = differences(turned(small, SMALL, variant));
            frequencies[variant] = frequencies(spectrum, variant);
        }
    }

    /** The fingerprint of {@code image}, which must be upright. */
    public static Fingerprint of(Image image) {
        boolean small = image.width() < SIDE || image.height() < SIDE;
        Image large = small
                ? Resample.of(Math.max(SIDE, image.width()), Math.max(SIDE, image.height()))
                        .interpolation(Interpolation.BILINEAR)
                        .apply(image)
                : image;
        return new Fingerprint(areas(large));
    }

    /**
     * Area averages of the brightness on a grid of 64x64, in one pass over the pixels: a resize proper
     * would take as long as decoding the picture.
     */
    private static float[] areas(Image image) {
        int height = image.height();
        int across = Math.max(1, image.width() / (2 * SIDE)); // of large pictures some rows and columns are enough
        int step = Math.max(1, height / (2 * SIDE));
        int samples = image.width() / across;
        int[] sums = new int[samples + 1];
        int[] whole = new int[SIDE + 1];
        float[] rest = new float[SIDE + 1];
        for (int edge = 0; edge <= SIDE; edge++) {
            double at = (double) edge * samples / SIDE;
            whole[edge] = (int) Math.min(samples - 1, Math.floor(at));
            rest[edge] = (float) (at - whole[edge]);
        }
        float[] line = new float[SIDE];
        float[] grey = new float[SIDE * SIDE];
        float[] weights = new float[SIDE];
        for (int y = step / 2; y < height; y += step) {
            sumUp(image.data(), y * image.width() + across / 2, across, sums);
            average(sums, whole, rest, line);
            double top = (double) (y - step / 2) * SIDE / height;
            int row = Math.min(SIDE - 1, (int) top);
            float share = (float) Math.min(1, (row + 1 - top) * height / (SIDE * (double) step));
            add(line, share, grey, row, weights);
            if (share < 1 && row + 1 < SIDE) {
                add(line, 1 - share, grey, row + 1, weights);
            }
        }
        for (int i = 0; i < grey.length; i++) {
            grey[i] /= weights[i / SIDE];
        }
        return grey;
    }

    /** {@code sums[x]} becomes the sum of the brightness (ITU-R 601) of the line's first x samples. */
    private static void sumUp(byte[] rgb, int first, int across, int[] sums) {
        int sum = 0;
        for (int x = 1, at = 3 * first; x < sums.length; x++, at += 3 * across) {
            sum += (77 * (rgb[at] & 255) + 150 * (rgb[at + 1] & 255) + 29 * (rgb[at + 2] & 255)) >> 8;
            sums[x] = sum;
        }
    }

    private static void average(int[] sums, int[] whole, float[] rest, float[] line) {
        float scale = (float) SIDE / (sums.length - 1);
        float before = 0;
        for (int bin = 0; bin < SIDE; bin++) {
            int at = whole[bin + 1];
            float here = sums[at] + rest[bin + 1] * (sums[at + 1] - sums[at]);
            line[bin] = (here - before) * scale;
            before = here;
        }
    }

    private static void add(float[] line, float share, float[] grey, int row, float[] weights) {
        weights[row] += share;
        for (int x = 0; x < SIDE; x++) {
            grey[row * SIDE + x] += line[x] * share;
        }
    }

    /** Whether the picture is of one colour, as far as an eye would say. */
    public boolean isBlank() {
        return blank;
    }

    /** Differing bits of both hashes between this and the given variant of {@code other}, packed as {@code d << 8 | p}. */
    int distance(Fingerprint other, int variant) {
        int d = Long.bitCount(differences[0] ^ other.differences[variant]);
        int p = Long.bitCount(frequencies[0] ^ other.frequencies[variant]);
        return d << 8 | p;
    }

    /** The grey version, turned: variants 0 to 3 by quarters, 4 to 7 the same of the mirrored picture. */
    float[] grey(int variant) {
        return variant == 0 ? grey : turned(grey, SIDE, variant);
    }

    /** The square in another position; the source of a target pixel is an affine function of its place. */
    static float[] turned(float[] square, int side, int variant) {
        int origin = source(0, 0, side, variant);
        int right = source(1, 0, side, variant) - origin;
        int down = source(0, 1, side, variant) - origin;
        float[] out = new float[square.length];
        for (int y = 0, to = 0; y < side; y++) {
            for (int x = 0, from = origin + y * down; x < side; x++, from += right) {
                out[to++] = square[from];
            }
        }
        return out;
    }

    private static int source(int x, int y, int side, int variant) {
        int last = side - 1;
        int row =
                switch (variant & 3) {
                    case 0 -> y;
                    case 1 -> x;
                    case 2 -> last - y;
                    default -> last - x;
                };
        int column =
                switch (variant & 3) {
                    case 0 -> x;
                    case 1 -> last - y;
                    case 2 -> last - x;
                    default -> y;
                };
        return row * side + (variant < 4 ? column : last - column);
    }

    private static float[] halved(float[] full) {
        float[] half = new float[SMALL * SMALL];
        for (int y = 0; y < SMALL; y++) {
            for (int x = 0; x < SMALL; x++) {
                int at = 2 * y * SIDE + 2 * x;
                half[y * SMALL + x] = (full[at] + full[at + 1] + full[at + SIDE] + full[at + SIDE + 1]) / 4;
            }
        }
        return half;
    }

    private static double deviation(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += value * value;
        }
        double mean = sum / values.length;
        return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
    }

    /** Signs of the differences between neighbours in a version of 9x8 area averages. */
    private static long differences(float[] small) {
        long bits = 0;
        for (int y = 0; y < LOW; y++) {
            double before = 0;
            for (int x = 0; x <= LOW; x++) {
                double here = average(small, x * SMALL / 9.0, (x + 1) * SMALL / 9.0, y * 4);
                if (x > 0) {
                    bits = bits << 1 | (here > before ? 1 : 0);
                }
                before = here;
            }
        }
        return bits;
    }

    private static double average(float[] small, double left, double right, int top) {
        double sum = 0;
        for (int x = (int) left; x < right; x++) {
            double share = Math.min(x + 1, right) - Math.max(x, left);
            for (int y = top; y < top + 4; y++) {
                sum += share * small[y * SMALL + x];
            }
        }
        return sum;
    }

    /** The lowest 8x8 frequencies {@code [vertical][horizontal]} of a cosine transform (DCT-II). */
    private static double[][] spectrum(float[] small) {
        double[][] rows = new double[LOW][SMALL];
        for (int y = 0; y < SMALL; y++) {
            for (int u = 0; u < LOW; u++) {
                double[] cosine = COSINES[u];
                double sum = 0;
                for (int x = 0; x < SMALL; x++) {
                    sum += small[y * SMALL + x] * cosine[x];
                }
                rows[u][y] = sum;
            }
        }
        double[][] spectrum = new double[LOW][LOW];
        for (int v = 0; v < LOW; v++) {
            for (int u = 0; u < LOW; u++) {
                for (int y = 0; y < SMALL; y++) {
                    spectrum[v][u] += rows[u][y] * COSINES[v][y];
                }
            }
        }
        return spectrum;
    }

    /** The hash of the turned picture, from the spectrum of the upright one. */
    private static long frequencies(double[][] spectrum, int variant) {
        double[] values = new double[LOW * LOW];
        for (int v = 0; v < LOW; v++) {
            for (int u = 0; u < LOW; u++) {
                boolean swapped = (variant & 1) == 1;
                // Where turned() reads a row or column backwards, odd frequencies along it change their sign.
                boolean rowBackwards = (variant & 3) >= 2;
                boolean columnBackwards = ((variant & 3) == 1 || (variant & 3) == 2) != (variant >= 4);
                int alongRow = swapped ? u : v;
                int alongColumn = swapped ? v : u;
                boolean negative = (rowBackwards && alongRow % 2 == 1) != (columnBackwards && alongColumn % 2 == 1);
                double value = spectrum[alongRow][alongColumn];
                values[v * LOW + u] = negative ? -value : value;
            }
        }
        double[] sorted = Arrays.copyOfRange(values, 1, values.length); // without the mean
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        long bits = 0;
        for (int i = 1; i < values.length; i++) {
            bits = bits << 1 | (values[i] > median ? 1 : 0);
        }
        return bits;
    }

    private static double[][] cosines() {
        double[][] cosines = new double[LOW][SMALL];
        for (int u = 0; u < LOW; u++) {
            for (int x = 0; x < SMALL; x++) {
                cosines[u][x] = Math.cos(Math.PI * (2 * x + 1) * u / (2.0 * SMALL));
            }
        }
        return cosines;
    }
}
