package espalier.vision.augment;

/**
 * What is done to the light of one picture: a linear map of the logits of its channels, which keeps every
 * value between 0 and 1.
 *
 * <p>With {@code l = log(x / (1 - x))}, where {@code x} is first clamped to 1e-7 from both ends as in fastai,
 * the result is {@code sigmoid(own * l + grey * greyOf(l) + shift)}. Changes apply in the order in which they
 * are added.
 */
public final class Tone {
    /** The weights of red, green and blue in the grey value (ITU-R 601, with fastai's digits). */
    static final double[] GREY = {0.2989, 0.5870, 0.1140};

    private static final double GREY_SUM = GREY[0] + GREY[1] + GREY[2];

    private double own = 1;
    private double grey;
    private double shift;

    Tone() {}

    /** Adds brightness: 0.5 changes nothing, above is lighter; in (0, 1). */
    public Tone brightness(double level) {
        shift += Math.log(level / (1 - level));
        return this;
    }

    /** Adds contrast: 1 changes nothing, above is more. */
    public Tone contrast(double factor) {
        own *= factor;
        grey *= factor;
        shift *= factor;
        return this;
    }

    /** Adds saturation: 1 changes nothing, 0 is grey. */
    public Tone saturation(double factor) {
        grey = factor * grey + (1 - factor) * (own + grey * GREY_SUM);
        own *= factor;
        shift *= factor + (1 - factor) * GREY_SUM;
        return this;
    }

    double own() {
        return own;
    }

    double grey() {
        return grey;
    }

    double shift() {
        return shift;
    }

    boolean neutral() {
        return own == 1 && grey == 0 && shift == 0;
    }
}
