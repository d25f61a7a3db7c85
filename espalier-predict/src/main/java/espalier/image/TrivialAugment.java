package espalier.image;

import espalier.format.Parameters;
import espalier.format.Transform;
import espalier.image.PictureOperation.Strength;
import espalier.rng.Rng;
import java.util.Map;

/**
 * In training, one of the operations of {@link RandAugment} at random, of a random strength; otherwise nothing. As torchvision's
 * {@code TrivialAugmentWide} on tensors of bytes, with nothing to be chosen. It belongs behind a crop or resize.
 *
 * @paper Mueller and Hutter 2021, "TrivialAugment: tuning-free yet state-of-the-art data augmentation"
 */
public record TrivialAugment() implements Transform<Image> {
    private static final int STRENGTHS = 31;

    static Strength strength(PictureOperation operation) {
        return switch (operation) {
            case SHEAR_X, SHEAR_Y -> Strength.signed(0.99, STRENGTHS);
            case TRANSLATE_X, TRANSLATE_Y -> Strength.signed(32, STRENGTHS);
            case ROTATE -> Strength.signed(135, STRENGTHS);
            case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> Strength.signed(0.99, STRENGTHS);
            case POSTERIZE -> Strength.bits(6, STRENGTHS);
            case SOLARIZE -> Strength.levels(STRENGTHS);
            case IDENTITY, AUTO_CONTRAST, EQUALIZE -> Strength.none();
        };
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        if (!training) {
            return x;
        }
        var operation = PictureOperation.draw(rng);
        return operation.apply(x, strength(operation).draw(rng.nextInt(STRENGTHS), rng));
    }

    @Override
    public String name() {
        return "trivialAugment";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of();
    }
}
