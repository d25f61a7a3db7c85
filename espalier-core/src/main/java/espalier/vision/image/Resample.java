package espalier.vision.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * A resize in one pass over the pixels: crop, antialiased resize and second crop together, with results
 * equal to Pillow's, bit for bit. Immutable; the copy-setters give changed copies.
 *
 * <p>Rows are resized horizontally as they are needed, kept in a ring of as many rows as one output row
 * weighs, and combined vertically by loops that the JIT compiler turns into vector instructions.
 *
 * @param width columns of the whole output
 * @param height rows of the whole output
 * @param interpolation how neighbours are weighed
 * @param crop the part of the source that is used, as if it were cut out first; empty for all
 * @param box the fractional part of the (cropped) source that is spread over the output, whose weights may
 *     reach over its edges as in Pillow's {@code resize(box=...)}; empty for all
 * @param window the part of the output that is computed, as if the rest were cut off afterwards; empty for all
 */
public record Resample(
        int width,
        int height,
        Interpolation interpolation,
        Optional<Region> crop,
        Optional<Box> box,
        Optional<Region> window) {

    /**
     * A rectangle with fractional edges, in pixels from the top left corner of the source.
     *
     * @param left first column's left edge
     * @param top first row's upper edge
     * @param right beyond the last column
     * @param bottom beyond the last row
     */
    public record Box(double left, double top, double right, double bottom) {}

    public Resample {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("resize needs positive sides, received " + width + "x" + height
                    + ". Maybe width and height of another picture were meant");
        }
    }

    /** A bilinear resize of the whole picture to {@code width} columns and {@code height} rows. */
    public static Resample of(int width, int height) {
        return new Resample(
                width, height, Interpolation.BILINEAR, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same with other weights. */
    public Resample interpolation(Interpolation interpolation) {
        return new Resample(width, height, interpolation, crop, box, window);
    }

    /** The same, of a part of the source, as if that part were a picture of its own. */
    public Resample crop(Region crop) {
        return new Resample(width, height, interpolation, Optional.of(crop), box, window);
    }

    /** The same, of a fractional part of the source; pixels just outside are weighed in at its edges. */
    public Resample box(Box box) {
        return new Resample(width, height, interpolation, crop, Optional.of(box), window);
    }

    /** The same, but only a part of the output is computed and returned. */
    public Resample window(Region window) {
        return new Resample(width, height, interpolation, crop, box, Optional.of(window));
    }

    /**
     * The resized picture.
     *
     * @throws IllegalArgumentException when crop or box leave the picture, or the window leaves the output
     */
    public Image apply(Image source) {
        Region part = crop.orElse(new Region(0, 0, source.width(), source.height()));
        Region cut = window.orElse(new Region(0, 0, width, height));
        Box from = box.orElse(new Box(0, 0, part.width(), part.height()));
        check(source, part, cut, from);
        boolean same = part.width() == width && part.height() == height && box.isEmpty();
        if (same) {
            return cut.width() == source.width() && cut.height() == source.height()
                    ? source
                    : source.crop(part.x() + cut.x(), part.y() + cut.y(), cut.width(), cut.height());
        }
        var columns = Weights.of(
                interpolation, part.width(), (float) from.left, (float) from.right, width, cut.x(), cut.width());
        var rows = Weights.of(
                interpolation, part.height(), (float) from.top, (float) from.bottom, height, cut.y(), cut.height());
        return Image.of(cut.width(), cut.height(), new Pass(source, part, columns, rows).run());
    }

    private void check(Image source, Region part, Region cut, Box from) {
        boolean boxInside = from.left >= 0
                && from.top >= 0
                && from.right <= part.width()
                && from.bottom <= part.height()
                && from.left < from.right
                && from.top < from.bottom;
        if (!part.inside(source.width(), source.height()) || !cut.inside(width, height) || !boxInside) {
            throw new IllegalArgumentException("crop " + part + ", box " + from + " and window " + cut
                    + " must lie inside " + source + " and the output " + width + "x" + height
                    + ". Maybe x and y are exchanged");
        }
    }

    /** One run over one picture. */
    private static final class Pass {
        private static final int HALF = 1 << (Weights.BITS - 1);

        private final byte[] source;
        private final int sourceStride;
        private final int origin;
        private final Weights columns;
        private final Weights rows;
        private final int rowLength;
        /** Rows resized horizontally: source row {@code y} is at {@code y % ring.length}. */
        private final int[][] ring;

        Pass(Image image, Region part, Weights columns, Weights rows) {
            this.source = image.data();
            this.sourceStride = 3 * image.width();
            this.origin = part.y() * sourceStride + 3 * part.x();
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
                    horizontal(source, origin + next * sourceStride, columns, ring[next % ring.length]);
                }
                vertical(sums, y, first);
                store(sums, out, y * rowLength);
            }
            return out;
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
}
