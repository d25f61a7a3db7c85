package espalier.image;

import java.util.Optional;

/**
 * A resize in one pass over the pixels: crop, antialiased resize and second crop together, with results
 * equal to Pillow's, bit for bit. Immutable; the copy-setters give changed copies.
 * (Pillow 13 resizes columns before rows where that is faster; then some levels differ by one.)
 *
 * <p>Rows are resized horizontally as they are needed, kept in a ring of as many rows as one output row
 * weighs, and combined vertically by loops that the JIT compiler turns into vector instructions.
 *
 * @param width columns of the whole output
 * @param height rows of the whole output
 * @param interpolation how neighbours are weighed
 * @param crop the part of the source that is used, as if it were cut out first; empty for all
 * @param padding what stands beyond the source's edges, where the crop may then reach; empty for nothing
 * @param box the fractional part of the (cropped) source that is spread over the output, whose weights may
 *     reach over its edges as in Pillow's {@code resize(box=...)}; empty for all
 * @param window the part of the output that is computed, as if the rest were cut off afterwards; empty for all
 */
public record Resample(
        int width,
        int height,
        Interpolation interpolation,
        Optional<Region> crop,
        Optional<Padding> padding,
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
                width,
                height,
                Interpolation.BILINEAR,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same with other weights. */
    public Resample interpolation(Interpolation interpolation) {
        return new Resample(width, height, interpolation, crop, padding, box, window);
    }

    /** The same, of a part of the source, as if that part were a picture of its own. */
    public Resample crop(Region crop) {
        return new Resample(width, height, interpolation, Optional.of(crop), padding, box, window);
    }

    /** The same, with a crop that may reach beyond the source's edges; the padded picture itself is never made. */
    public Resample padding(Padding padding) {
        return new Resample(width, height, interpolation, crop, Optional.of(padding), box, window);
    }

    /** The same, of a fractional part of the source; pixels just outside are weighed in at its edges. */
    public Resample box(Box box) {
        return new Resample(width, height, interpolation, crop, padding, Optional.of(box), window);
    }

    /** The same, but only a part of the output is computed and returned. */
    public Resample window(Region window) {
        return new Resample(width, height, interpolation, crop, padding, box, Optional.of(window));
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
        boolean beyond = !part.inside(source.width(), source.height());
        boolean same = part.width() == width && part.height() == height && box.isEmpty() && !beyond;
        if (same) {
            return cut.width() == source.width() && cut.height() == source.height()
                    ? source
                    : source.crop(part.x() + cut.x(), part.y() + cut.y(), cut.width(), cut.height());
        }
        var columns = Weights.of(
                interpolation, part.width(), (float) from.left, (float) from.right, width, cut.x(), cut.width());
        var rows = Weights.of(
                interpolation, part.height(), (float) from.top, (float) from.bottom, height, cut.y(), cut.height());
        var edges = beyond ? padding.map(p -> new Edges(source, part, p)) : Optional.<Edges>empty();
        return Image.of(cut.width(), cut.height(), new Pass(source, part, edges, columns, rows).run());
    }

    private void check(Image source, Region part, Region cut, Box from) {
        boolean boxInside = from.left >= 0
                && from.top >= 0
                && from.right <= part.width()
                && from.bottom <= part.height()
                && from.left < from.right
                && from.top < from.bottom;
        boolean partInside = padding.isPresent() || part.inside(source.width(), source.height());
        if (!partInside || !cut.inside(width, height) || !boxInside) {
            throw new IllegalArgumentException("crop " + part + ", box " + from + " and window " + cut
                    + " must lie inside " + source + " and the output " + width + "x" + height
                    + ". Maybe x and y are exchanged");
        }
    }
}
