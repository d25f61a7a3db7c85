package espalier.vision.augment;

import espalier.rng.Rng;
import java.util.Map;

/**
 * Turns a picture by a multiple of 90 degrees and perhaps mirrors it: one of the 8 symmetries of the square.
 *
 * @param p the probability; one draw in eight leaves the picture as it is all the same
 */
public record Dihedral(double p) implements Geometry {
    /** The linear maps by fastai's numbers 0 to 7, row by row. */
    private static final double[][] SYMMETRIES = {
        {1, 0, 0, 1}, {-1, 0, 0, 1}, {1, 0, 0, -1}, {0, -1, 1, 0},
        {-1, 0, 0, -1}, {0, 1, -1, 0}, {0, 1, 1, 0}, {0, -1, -1, 0},
    };

    /** Checks the range of {@code p}. */
    public Dihedral {
        Chance.probability("p", p);
    }

    @Override
    public void draw(Rng rng, CoordinateMap map) {
        int symmetry = rng.nextInt(SYMMETRIES.length);
        add(rng.bernoulli(p) ? symmetry : 0, map);
    }

    static void add(int symmetry, CoordinateMap map) {
        double[] linear = SYMMETRIES[symmetry];
        map.affine(linear[0], linear[1], 0, linear[2], linear[3], 0);
    }

    @Override
    public String name() {
        return "dihedral";
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of("p", p);
    }
}
