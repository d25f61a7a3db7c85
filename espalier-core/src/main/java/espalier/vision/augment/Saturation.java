package espalier.vision.augment;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Multiplies the saturation of a picture by a factor that is as often above 1 as below.
 *
 * @param maxLighting the factor lies between 1 - maxLighting and its reciprocal; in [0, 1)
 * @param p the probability
 */
public record Saturation(double maxLighting, double p) implements Lighting {
    /** Checks the ranges. */
    public Saturation {
        Chance.below("maxLighting", maxLighting, 0, 1);
        Chance.probability("p", p);
    }

    /** The same with another limit, in [0, 1). */
    public Saturation maxLighting(double limit) {
        return new Saturation(limit, p);
    }

    /** The same with another probability. */
    public Saturation p(double probability) {
        return new Saturation(maxLighting, probability);
    }

    @Override
    public void draw(Rng rng, Tone tone) {
        tone.saturation(Chance.factor(rng, p, maxLighting));
    }

    @Override
    public String name() {
        return "saturation";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("maxLighting", maxLighting, "p", p);
    }
}
