package espalier.vision.augment;

import espalier.rng.Rng;
import java.util.Map;

/**
 * Cuts out a random square; in validation the largest one in the middle. Use it with a square size.
 *
 * <p>What {@code RandomResizedCropGPU} with a ratio of 1 is in fastai, with two differences: each picture has
 * a square of its own instead of one for the whole batch, and it joins the other geometry in one sampling.
 *
 * @param minScale the smallest area as a share of the picture's, in (0, 1]; shares are uniform up to 1
 */
public record RandomSquare(double minScale) implements Geometry {
    private static final int TRIES = 10;

    /** Checks the range. */
    public RandomSquare {
        Chance.between("minScale", minScale, 1e-6, 1);
    }

    @Override
    public void draw(Rng rng, CoordinateMap map) {
        int side = 0;
        for (int i = 0; i < TRIES; i++) {
            double area = rng.uniform(minScale, 1) * map.width() * map.height();
            int tried = (int) Math.max(1, Math.rint(Math.sqrt(area)));
            boolean first = side == 0 && tried <= map.width() && tried <= map.height();
            side = first ? tried : side;
        }
        double across = rng.uniform();
        double down = rng.uniform();
        if (side == 0) {
            still(map);
            return;
        }
        double left = Math.floor(across * (map.width() - side + 1));
        double top = Math.floor(down * (map.height() - side + 1));
        map.window(left, top, side, side);
    }

    @Override
    public void still(CoordinateMap map) {
        int side = Math.min(map.width(), map.height());
        map.window(Math.floorDiv(map.width() - side, 2), Math.floorDiv(map.height() - side, 2), side, side);
    }

    @Override
    public String name() {
        return "randomSquare";
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of("minScale", minScale);
    }
}
