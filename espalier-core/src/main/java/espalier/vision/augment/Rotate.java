package espalier.vision.augment;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Turns a picture about its centre.
 *
 * @param maxDegrees the largest angle to either side, in degrees; angles are uniform
 * @param p the probability
 */
public record Rotate(double maxDegrees, double p) implements Geometry {
    /** Checks the ranges. */
    public Rotate {
        Chance.between("maxDegrees", maxDegrees, 0, 360);
        Chance.probability("p", p);
    }

    /** The same with another largest angle, in degrees. */
    public Rotate maxDegrees(double degrees) {
        return new Rotate(degrees, p);
    }

    /** The same with another probability. */
    public Rotate p(double probability) {
        return new Rotate(maxDegrees, probability);
    }

    @Override
    public void draw(Rng rng, CoordinateMap map) {
        add(Chance.uniform(rng, p, -maxDegrees, maxDegrees, 0), map);
    }

    static void add(double degrees, CoordinateMap map) {
        double angle = Math.toRadians(degrees);
        map.affine(Math.cos(angle), Math.sin(angle), 0, -Math.sin(angle), Math.cos(angle), 0);
    }

    @Override
    public String name() {
        return "rotate";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("maxDegrees", maxDegrees, "p", p);
    }
}
