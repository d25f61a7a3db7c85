package espalier.image;

import espalier.format.Parameters;
import espalier.format.Transform;
import espalier.image.PictureOperation.Strength;
import espalier.rng.Rng;
import java.util.Map;

/**
 * In training, a few operations at random, all of one strength; otherwise nothing. As torchvision's transform of the same name
 * on tensors of bytes: identity, shear, translation, rotation, brightness, color, contrast, sharpness, posterisation,
 * solarisation, automatic contrast, equalisation. It belongs behind a crop or resize.
 *
 * @param operations how many operations, one after the other: 2
 * @param magnitude their strength, from 0 to 30: 9
 * @paper Cubuk, Zoph, Shlens and Le 2019, "RandAugment: practical automated data augmentation with a reduced search space"
 */
public record RandAugment(int operations, int magnitude) implements Transform<Image> {
    private static final int STRENGTHS = 31;
    private static final int MOST = 100;

    /** The share of a side that a translation of full strength is. */
    private static final double TRANSLATION = 150.0 / 331.0;

    public RandAugment {
        if (operations < 1 || operations > MOST || magnitude < 0 || magnitude >= STRENGTHS) {
            throw new IllegalArgumentException("RandAugment needs 1 to " + MOST + " operations and a magnitude of 0 to "
                    + (STRENGTHS - 1) + ", received " + operations + " and " + magnitude + ". Maybe 2 and 9");
        }
    }

    /** The same with another number of operations. */
    public RandAugment operations(int count) {
        return new RandAugment(count, magnitude);
    }

    /** The same with another strength, from 0 to 30. */
    public RandAugment magnitude(int strength) {
        return new RandAugment(operations, strength);
    }

    static Strength strength(PictureOperation operation, int width, int height) {
        return switch (operation) {
            case SHEAR_X, SHEAR_Y -> Strength.signed(0.3, STRENGTHS);
            case TRANSLATE_X -> Strength.signed(TRANSLATION * width, STRENGTHS);
            case TRANSLATE_Y -> Strength.signed(TRANSLATION * height, STRENGTHS);
            case ROTATE -> Strength.signed(30, STRENGTHS);
            case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> Strength.signed(0.9, STRENGTHS);
            case POSTERIZE -> Strength.bits(4, STRENGTHS);
            case SOLARIZE -> Strength.levels(STRENGTHS);
            case IDENTITY, AUTO_CONTRAST, EQUALIZE -> Strength.none();
        };
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        Image result = x;
        for (int i = 0; training && i < operations; i++) {
            var operation = PictureOperation.draw(rng);
            result = operation.apply(
                    result, strength(operation, x.width(), x.height()).draw(magnitude, rng));
        }
        return result;
    }

    @Override
    public String name() {
        return "randAugment";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("operations", operations, "magnitude", magnitude);
    }
}
