package espalier.image;

/**
 * A rectangle of whole pixels.
 *
 * @param x first column
 * @param y first row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Region(int x, int y, int width, int height) {
    public Region {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a region needs positive sides, received " + width + "x" + height
                    + ". Maybe the picture is smaller than expected");
        }
    }

    boolean inside(int outerWidth, int outerHeight) {
        return x >= 0 && y >= 0 && x + (long) width <= outerWidth && y + (long) height <= outerHeight;
    }
}
