package espalier.vision;

import espalier.rng.Rng;
import espalier.tensor.Tensor;

/** A rectangle of a random area and shape, as torchvision draws it. */
final class RandomBox {
    private static final int TRIES = 10;

    private RandomBox() {}

    /** Shares of the area, and ratios of the sides. */
    record Ranges(double minScale, double maxScale, double minRatio, double maxRatio) {}

    /** Top, left, height and width; empty when ten tries found none that fits. */
    static long[] draw(Tensor x, Rng rng, Ranges ranges) {
        Crops.check("random rectangle", x);
        int fullHeight = (int) x.size(-2);
        int fullWidth = (int) x.size(-1);
        for (int i = 0; i < TRIES; i++) {
            double area = rng.uniform(ranges.minScale, ranges.maxScale) * fullHeight * fullWidth;
            double ratio = Math.exp(rng.uniform(Math.log(ranges.minRatio), Math.log(ranges.maxRatio)));
            int width = (int) Math.rint(Math.sqrt(area * ratio));
            int height = (int) Math.rint(Math.sqrt(area / ratio));
            if (width >= 1 && height >= 1 && width <= fullWidth && height <= fullHeight) {
                return new long[] {
                    rng.nextInt(fullHeight - height + 1), rng.nextInt(fullWidth - width + 1), height, width
                };
            }
        }
        return new long[0];
    }

    /** The largest part in the middle whose ratio is allowed. */
    static Tensor middle(Tensor x, Ranges ranges) {
        long height = x.size(-2);
        long width = x.size(-1);
        double ratio = (double) width / height;
        return Crops.center(
                x,
                ratio < ranges.minRatio ? Math.max(1, Math.round(width / ranges.minRatio)) : height,
                ratio > ranges.maxRatio ? Math.max(1, Math.round(height * ranges.maxRatio)) : width);
    }
}
