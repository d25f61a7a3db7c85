package espalier.image;

import espalier.format.Transform;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Exchanges left and right of a training picture with probability {@code p}; leaves others alone.
 *
 * @param p 0 to 1
 */
public record Flip(double p) implements Transform<Image> {
    public Flip {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("p must be in 0 .. 1, received " + p
                    + ". Maybe per cent were meant: 0.5 flips every other picture");
        }
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        return training && rng.bernoulli(p) ? x.flip() : x;
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
