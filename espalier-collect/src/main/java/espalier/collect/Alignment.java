package espalier.collect;

import java.util.ArrayList;
import java.util.List;

/**
 * How alike two fingerprints are when one may be a slightly cropped version of the other: the highest
 * correlation of their gradients over crops of up to a tenth along each axis. Gradients rather than grey
 * values, because all chest x-rays, say, share their grey masses but not their edges.
 */
final class Alignment {
    private static final int SIDE = Fingerprint.SIDE;
    private static final int GRID = 32;
    private static final int INNER = GRID - 2;
    /** Copies with 5 % cropped off correlate by 0.3 or more before any alignment, most other pairs by less than 0.2. */
    private static final double UNRELATED = 0.2;

    private static final double CERTAIN = 0.98;
    /** After the first sweep along one axis real copies are well above this. */
    private static final double HOPELESS = 0.5;

    /** Part of an axis that is kept: from {@code offset}, {@code scale} long, both as shares. */
    private record Crop(double scale, double offset) {}

    private static final Crop WHOLE = new Crop(1, 0);
    private static final List<Crop> CROPS = crops();

    private Alignment() {}

    /** The correlation, -1 to 1, of {@code a} and {@code b}, both 64x64, at their best alignment. */
    static double of(float[] a, float[] b) {
        float[] softA = soft(a);
        float[] softB = soft(b);
        double asTheyAre = correlation(gradients(sample(softA, WHOLE, WHOLE)), gradients(sample(softB, WHOLE, WHOLE)));
        if (asTheyAre < UNRELATED || asTheyAre > CERTAIN) {
            return asTheyAre;
        }
        return Math.max(within(softA, softB), within(softB, softA));
    }

    /** The best correlation when {@code part} shows a crop of {@code whole}. */
    private static double within(float[] whole, float[] part) {
        float[] target = gradients(sample(part, WHOLE, WHOLE));
        Crop x = WHOLE;
        Crop y = WHOLE;
        double best = -1;
        for (int sweep = 0; sweep < 4; sweep++) {
            boolean alongX = sweep % 2 == 0;
            Crop chosen = alongX ? x : y;
            for (Crop crop : CROPS) {
                float[] candidate = gradients(sample(whole, alongX ? crop : x, alongX ? y : crop));
                double found = correlation(candidate, target);
                if (found > best) {
                    best = found;
                    chosen = crop;
                }
            }
            x = alongX ? chosen : x;
            y = alongX ? y : chosen;
            if (sweep == 0 && best < HOPELESS) {
                return best;
            }
        }
        return best;
    }

    private static List<Crop> crops() {
        var crops = new ArrayList<Crop>();
        crops.add(WHOLE);
        for (double cut : new double[] {0.025, 0.05, 0.075, 0.1}) {
            crops.add(new Crop(1 - cut, 0));
            crops.add(new Crop(1 - cut, cut / 2));
            crops.add(new Crop(1 - cut, cut));
        }
        return crops;
    }

    /** Blurred by (1 2 1) / 4 both ways, so that half a pixel does not matter. */
    private static float[] soft(float[] grey) {
        float[] across = new float[grey.length];
        float[] out = new float[grey.length];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int at = y * SIDE + x;
                across[at] = (grey[y * SIDE + Math.max(0, x - 1)]
                                + 2 * grey[at]
                                + grey[y * SIDE + Math.min(SIDE - 1, x + 1)])
                        / 4;
            }
        }
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                out[y * SIDE + x] = (across[Math.max(0, y - 1) * SIDE + x]
                                + 2 * across[y * SIDE + x]
                                + across[Math.min(SIDE - 1, y + 1) * SIDE + x])
                        / 4;
            }
        }
        return out;
    }

    private static float[] sample(float[] grey, Crop horizontal, Crop vertical) {
        int[] left = new int[GRID];
        float[] share = new float[GRID];
        positions(horizontal, left, share);
        int[] top = new int[GRID];
        float[] depth = new float[GRID];
        positions(vertical, top, depth);
        float[] out = new float[GRID * GRID];
        for (int y = 0; y < GRID; y++) {
            for (int x = 0; x < GRID; x++) {
                int at = top[y] * SIDE + left[x];
                float above = grey[at] + (grey[at + 1] - grey[at]) * share[x];
                float below = grey[at + SIDE] + (grey[at + SIDE + 1] - grey[at + SIDE]) * share[x];
                out[y * GRID + x] = above + (below - above) * depth[y];
            }
        }
        return out;
    }

    private static void positions(Crop crop, int[] whole, float[] rest) {
        for (int i = 0; i < GRID; i++) {
            double at = (crop.offset() + crop.scale() * (i + 0.5) / GRID) * SIDE - 0.5;
            whole[i] = (int) Math.max(0, Math.min(SIDE - 2, Math.floor(at)));
            rest[i] = (float) Math.max(0, Math.min(1, at - whole[i]));
        }
    }

    private static float[] gradients(float[] grid) {
        float[] out = new float[2 * INNER * INNER];
        for (int y = 0; y < INNER; y++) {
            for (int x = 0; x < INNER; x++) {
                int at = (y + 1) * GRID + x + 1;
                out[y * INNER + x] = grid[at + 1] - grid[at - 1];
                out[INNER * INNER + y * INNER + x] = grid[at + GRID] - grid[at - GRID];
            }
        }
        return out;
    }

    private static double correlation(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb + 1e-6);
    }
}
