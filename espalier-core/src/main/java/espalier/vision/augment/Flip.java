package espalier.vision.augment;

import espalier.rng.Rng;
import java.util.Map;

/**
 * Mirrors a picture left to right.
 *
 * @param p the probability
 */
public record Flip(double p) implements Geometry {
    /** Checks the range of {@code p}. */
    public Flip {
        Chance.probability("p", p);
    }

    @Override
    public void draw(Rng rng, CoordinateMap map) {
        map.affine(rng.bernoulli(p) ? -1 : 1, 0, 0, 0, 1, 0);
    }

    @Override
    public String name() {
        return "flip";
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of("p", p);
    }
}
