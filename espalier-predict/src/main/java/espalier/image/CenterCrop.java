package espalier.image;

import espalier.format.Parameters;
import espalier.format.Transform;
import espalier.rng.Rng;
import java.util.Map;

/**
 * Cuts {@code height} rows and {@code width} columns out of the centre, pixel for pixel; what a smaller picture
 * lacks is black. The same in training.
 *
 * @param height rows of the result
 * @param width columns of the result
 */
public record CenterCrop(int height, int width) implements Transform<Image> {
    public CenterCrop {
        Sides.check(height, width);
    }

    @Override
    public Image apply(Image x, boolean training, Rng rng) {
        return Padding.ZEROS.extend(x, new Region(offset(x.width(), width), offset(x.height(), height), width, height));
    }

    /** Where the crop begins along one axis: the middle, halves to the even pixel as torchvision rounds; negative when the picture is smaller. */
    static int offset(int full, int crop) {
        return full >= crop ? (int) Math.rint((full - crop) / 2.0) : -((crop - full) / 2);
    }

    @Override
    public String name() {
        return "centerCrop";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("height", height, "width", width);
    }
}
