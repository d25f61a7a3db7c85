package espalier.image;

/** What stands beyond a picture's edges. */
public enum Padding {
    /** Black. */
    ZEROS,
    /** The nearest pixel of the edge. */
    BORDER,
    /** The picture mirrored at its edge pixels, which are not repeated: {@code c b | a b c | b a}. */
    REFLECTION;

    /**
     * The part {@code region} of the endless picture that this padding makes of {@code image}; the region may
     * reach beyond the picture on any side.
     */
    public Image extend(Image image, Region region) {
        int width = region.width();
        int height = region.height();
        if (region.inside(image.width(), image.height())) {
            return image.crop(region.x(), region.y(), width, height);
        }
        int[] columns = sources(region.x(), width, image.width());
        int[] rows = sources(region.y(), height, image.height());
        byte[] from = image.data();
        byte[] out = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int y = 0; y < height; y++) {
            if (rows[y] < 0) {
                continue;
            }
            int row = rows[y] * image.width();
            for (int x = 0, at = 3 * y * width; x < width; x++, at += 3) {
                if (columns[x] >= 0) {
                    System.arraycopy(from, 3 * (row + columns[x]), out, at, 3);
                }
            }
        }
        return Image.of(width, height, out);
    }

    /** For each of {@code count} positions from {@code start}, the index among {@code size} to take; -1 for black. */
    int[] sources(int start, int count, int size) {
        int[] sources = new int[count];
        int period = Math.max(1, 2 * (size - 1));
        for (int i = 0; i < count; i++) {
            int at = start + i;
            sources[i] = switch (this) {
                case ZEROS -> at >= 0 && at < size ? at : -1;
                case BORDER -> Math.max(0, Math.min(size - 1, at));
                case REFLECTION -> Math.min(Math.floorMod(at, period), Math.floorMod(-at, period));
            };
        }
        return sources;
    }
}
