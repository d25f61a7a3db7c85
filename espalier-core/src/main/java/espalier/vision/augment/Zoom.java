package espalier.vision.augment;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Enlarges a picture about a random point; factors and points are uniform.
 *
 * @param minZoom the smallest factor; below 1 shows what lies outside
 * @param maxZoom the largest factor
 * @param p the probability
 */
public record Zoom(double minZoom, double maxZoom, double p) implements Geometry {
    /** Checks the ranges. */
    public Zoom {
        Chance.between("minZoom", minZoom, 0.01, 100);
        Chance.between("maxZoom", maxZoom, 0.01, 100);
        if (minZoom > maxZoom) {
            throw new IllegalArgumentException(
                    "minZoom " + minZoom + " is above maxZoom " + maxZoom + ". Maybe set maxZoom first.");
        }
        Chance.probability("p", p);
    }

    /** The same with another smallest factor. */
    public Zoom minZoom(double factor) {
        return new Zoom(factor, maxZoom, p);
    }

    /** The same with another largest factor. */
    public Zoom maxZoom(double factor) {
        return new Zoom(minZoom, factor, p);
    }

    /** The same with another probability. */
    public Zoom p(double probability) {
        return new Zoom(minZoom, maxZoom, probability);
    }

    @Override
    public void draw(Rng rng, CoordinateMap map) {
        double factor = Chance.uniform(rng, p, minZoom, maxZoom, 1);
        add(factor, rng.uniform(), rng.uniform(), map);
    }

    /** Adds an enlargement that keeps the point at the shares {@code across} and {@code down} of the picture. */
    static void add(double factor, double across, double down, CoordinateMap map) {
        double scale = 1 / factor;
        map.affine(scale, 0, (1 - scale) * (2 * across - 1), 0, scale, (1 - scale) * (2 * down - 1));
    }

    @Override
    public String name() {
        return "zoom";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("minZoom", minZoom, "maxZoom", maxZoom, "p", p);
    }
}
