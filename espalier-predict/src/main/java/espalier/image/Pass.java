package espalier.image;

import java.util.Arrays;
import java.util.Optional;

/** One run of a {@link Resample} over one picture. */
final class Pass {
    private static final int HALF = 1 << (Weights.BITS - 1);

    private final byte[] source;
    private final int sourceStride;
    private final int origin;
    private final Weights columns;
    private final Weights rows;
    private final int rowLength;
    private final Optional<Edges> edges;
    /** Rows resized horizontally: source row {@code y} is at {@code y % ring.length}. */
    private final int[][] ring;

    Pass(Image image, Region part, Optional<Edges> edges, Weights columns, Weights rows) {
        this.source = image.data();
        this.sourceStride = 3 * image.width();
        this.origin = part.y() * sourceStride + 3 * part.x();
        this.edges = edges;
        this.columns = columns;
        this.rows = rows;
        this.rowLength = 3 * columns.first.length;
        this.ring = new int[rows.most()][rowLength];
    }

    byte[] run() {
        int outRows = rows.first.length;
        byte[] out = new byte[outRows * rowLength];
        int[] sums = new int[rowLength];
        int next = rows.first[0];
        for (int y = 0; y < outRows; y++) {
            int first = rows.first[y];
            int end = first + rows.count[y];
            for (next = Math.max(next, first); next < end; next++) {
                resizeRow(next, ring[next % ring.length]);
            }
            vertical(sums, y, first);
            store(sums, out, y * rowLength);
        }
        return out;
    }

    private void resizeRow(int y, int[] out) {
        if (edges.isEmpty()) {
            horizontal(source, origin + y * sourceStride, columns, out);
        } else if (y > rows.first[0] && edges.get().sameAsAbove(y)) {
            System.arraycopy(ring[(y - 1) % ring.length], 0, out, 0, rowLength);
        } else {
            horizontal(edges.get().row(y), 0, columns, out);
        }
    }

    private static void horizontal(byte[] source, int base, Weights columns, int[] out) {
        int[] first = columns.first;
        int[] count = columns.count;
        int[] weights = columns.values;
        int stride = columns.stride;
        for (int x = 0, at = 0; x < first.length; x++, at += 3) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int from = base + 3 * first[x];
            int k = x * stride;
            for (int end = k + count[x]; k < end; k++, from += 3) {
                int weight = weights[k];
                red += (source[from] & 0xff) * weight;
                green += (source[from + 1] & 0xff) * weight;
                blue += (source[from + 2] & 0xff) * weight;
            }
            out[at] = clip(red);
            out[at + 1] = clip(green);
            out[at + 2] = clip(blue);
        }
    }

    private void vertical(int[] sums, int y, int first) {
        Arrays.fill(sums, HALF);
        int k = y * rows.stride;
        int end = k + rows.count[y];
        int row = first;
        for (; k + 1 < end; k += 2, row += 2) {
            int[] upper = ring[row % ring.length];
            int[] lower = ring[(row + 1) % ring.length];
            addTwo(sums, upper, rows.values[k], lower, rows.values[k + 1]);
        }
        if (k < end) {
            addOne(sums, ring[row % ring.length], rows.values[k]);
        }
    }

    private static void addTwo(int[] sums, int[] upper, int weightUpper, int[] lower, int weightLower) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += upper[i] * weightUpper + lower[i] * weightLower;
        }
    }

    private static void addOne(int[] sums, int[] row, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i] * weight;
        }
    }

    private static void store(int[] sums, byte[] out, int at) {
        for (int i = 0; i < sums.length; i++) {
            out[at + i] = (byte) clip(sums[i]);
        }
    }

    private static int clip(int sum) {
        return Math.max(0, Math.min(255, sum >> Weights.BITS));
    }
}
