package espalier.image;

import espalier.format.Transform;
import espalier.rng.Rng;
import java.util.Map;

/** Makes every picture grey, in three equal channels; in training, validation and prediction alike. */
public record Grayscale() implements Transform<Image> {
    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        return x.grayscale();
    }

    @Override
    public String name() {
        return "grayscale";
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of();
    }
}
