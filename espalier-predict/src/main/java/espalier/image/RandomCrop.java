package espalier.image;

import espalier.format.Parameters;
import espalier.format.Transform;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Cuts {@code height} rows and {@code width} columns out of a picture, pixel for pixel: in training at a random place of the picture
 * with a margin around it, otherwise out of the middle of the picture alone. What a smaller picture lacks is filled. As torchvision's
 * {@code RandomCrop} and, with nothing random, fastai's {@code CropPad}.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param margin pixels that training adds on each side: 0
 * @param padding what fills the margin and what a smaller picture lacks: black
 */
public record RandomCrop(int height, int width, int margin, Padding padding) implements Transform<Image> {
    public RandomCrop {
        Sides.check(height, width);
        if (margin < 0 || margin > Sides.MOST) {
            throw new IllegalArgumentException("the margin must be 0 to " + Sides.MOST + " pixels, received " + margin
                    + ". Maybe 4, as is usual for pictures of 32 pixels");
        }
    }

    /** The same with a margin in training, in pixels on each side. */
    public RandomCrop margin(int pixels) {
        return new RandomCrop(height, width, pixels, padding);
    }

    /** The same with another filling. */
    public RandomCrop padding(Padding filling) {
        return new RandomCrop(height, width, margin, filling);
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        int left = training ? place(x.width(), width, rng) : CenterCrop.offset(x.width(), width);
        int top = training ? place(x.height(), height, rng) : CenterCrop.offset(x.height(), height);
        return padding.extend(x, new Region(left, top, width, height));
    }

    /** Where the crop begins along one axis: anywhere between the margins, or with a smaller picture anywhere in the crop. */
    private int place(int full, int crop, Rng rng) {
        int first = -margin;
        int last = full + margin - crop;
        return Math.min(first, last) + rng.nextInt(Math.abs(last - first) + 1);
    }

    @Override
    public String name() {
        return "randomCrop";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("height", height, "width", width, "margin", margin, "padding", Sides.word(padding));
    }
}
