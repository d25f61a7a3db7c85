package espalier.vision.augment;

import espalier.format.Parameters;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Makes a picture lighter or darker: what was 0.5 becomes uniform around 0.5.
 *
 * @param maxLighting how far what was 0.5 moves, as a share of 0.5, in [0, 1)
 * @param p the probability
 */
public record Brightness(double maxLighting, double p) implements Lighting {
    /** Checks the ranges. */
    public Brightness {
        Chance.below("maxLighting", maxLighting, 0, 1);
        Chance.probability("p", p);
    }

    /** The same with another limit, in [0, 1). */
    public Brightness maxLighting(double limit) {
        return new Brightness(limit, p);
    }

    /** The same with another probability. */
    public Brightness p(double probability) {
        return new Brightness(maxLighting, probability);
    }

    @Override
    public void draw(Rng rng, Tone tone) {
        tone.brightness(Chance.uniform(rng, p, 0.5 * (1 - maxLighting), 0.5 * (1 + maxLighting), 0.5));
    }

    @Override
    public String name() {
        return "brightness";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("maxLighting", maxLighting, "p", p);
    }
}
