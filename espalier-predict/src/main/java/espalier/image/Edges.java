package espalier.image;

import java.util.Arrays;

/** The rows of a region that reaches beyond its picture, made one at a time. */
final class Edges {
    private final Image image;
    private final int[] columns;
    private final int[] rows;
    private final byte[] row;

    Edges(Image image, Region region, Padding padding) {
        this.image = image;
        this.columns = padding.sources(region.x(), region.width(), image.width());
        this.rows = padding.sources(region.y(), region.height(), image.height());
        this.row = new byte[3 * region.width()];
    }

    /** True when row {@code y} of the region, at least 1, repeats the one before it. */
    boolean sameAsAbove(int y) {
        return rows[y] == rows[y - 1];
    }

    /** Row {@code y} of the region; the next call overwrites it. */
    byte[] row(int y) {
        if (rows[y] < 0) {
            Arrays.fill(row, (byte) 0);
            return row;
        }
        byte[] data = image.data();
        int start = rows[y] * image.width();
        for (int x = 0, at = 0; x < columns.length; x++, at += 3) {
            if (columns[x] >= 0) {
                int from = 3 * (start + columns[x]);
                row[at] = data[from];
                row[at + 1] = data[from + 1];
                row[at + 2] = data[from + 2];
            } else {
                row[at] = 0;
                row[at + 1] = 0;
                row[at + 2] = 0;
            }
        }
        return row;
    }
}
