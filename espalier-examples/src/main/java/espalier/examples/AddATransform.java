package espalier.examples;

import espalier.format.Transform;
import espalier.image.Image;
import espalier.image.Transforms;
import espalier.rng.Rng;
import java.util.Map;

/** The recipe {@code docs/recipes/add-a-transform.md}. */
public final class AddATransform {
    private AddATransform() {}

    // region transform
    /**
     * Turns levels below {@code level} black and all others white, channel by channel: for scans of line drawings. The
     * same in training and validation.
     *
     * @param level 0 to 255
     */
    public record Threshold(int level) implements Transform<Image> {
        public Threshold {
            if (level < 0 || level > 255) {
                throw new IllegalArgumentException("the level must be in 0 .. 255, received " + level + ".");
            }
        }

        @Override
        public Image apply(Image x, boolean training, Rng rng) {
            byte[] bytes = x.data().clone();
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) ((bytes[i] & 0xff) < level ? 0 : 255);
            }
            return Image.of(x.width(), x.height(), bytes);
        }

        @Override
        public String name() {
            return "threshold";
        }

        @Override
        public Map<String, Object> parameters() {
            return Map.of("level", level);
        }
    }
    // endregion

    // region provider
    /** Makes the transform again from what a model file keeps of it. */
    public static final class Provider implements Transforms.Provider {
        @Override
        public String name() {
            return "threshold";
        }

        @Override
        public Threshold from(Map<String, ?> parameters) {
            if (parameters.get("level") instanceof Number level) {
                return new Threshold(level.intValue());
            }
            throw new IllegalArgumentException("threshold needs level as a number, received " + parameters + ".");
        }
    }
    // endregion
}
