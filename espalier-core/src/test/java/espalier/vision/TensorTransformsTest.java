package espalier.vision;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transforms of tensors give torchvision's pixels. */
@ExtendWith(NoLeaks.class)
class TensorTransformsTest {
    private static final Golden GOLDEN = Golden.load("transforms");
    private static final double[] MEAN = {0.5, 0.4, 0.3};
    private static final double[] STD = {0.2, 0.25, 0.3};

    private static Map<String, TensorTransform> transforms() {
        var all = new LinkedHashMap<String, TensorTransform>();
        all.put("brightness", (x, rng) -> Colors.brightness(x, 1.4));
        all.put("contrast", (x, rng) -> Colors.contrast(x, 0.6));
        all.put("saturation", (x, rng) -> Colors.saturation(x, 1.7));
        all.put("hue", (x, rng) -> Colors.hue(x, 0.2));
        all.put("hue_back", (x, rng) -> Colors.hue(x, -0.35));
        all.put("grayscale", TensorTransforms.grayscale());
        all.put("center_crop", TensorTransforms.centerCrop(4, 6));
        all.put("center_crop_odd", TensorTransforms.centerCrop(5, 4));
        all.put("gaussian_blur", TensorTransforms.gaussianBlur(5, 1.3, 1.3));
        all.put("horizontal_flip", TensorTransforms.randomHorizontalFlip(1));
        all.put("vertical_flip", TensorTransforms.randomVerticalFlip(1));
        all.put("normalize", TensorTransforms.normalize(MEAN, STD));
        all.put("resize_smaller", TensorTransforms.resize(4, 5));
        all.put("resize_larger", TensorTransforms.resize(13, 20));
        all.put(
                "compose",
                TensorTransforms.compose(
                        TensorTransforms.centerCrop(4, 6),
                        TensorTransforms.randomHorizontalFlip(1),
                        TensorTransforms.normalize(MEAN, STD)));
        all.put("random_apply", TensorTransforms.randomApply(TensorTransforms.randomVerticalFlip(1), 1));
        all.put("random_grayscale", TensorTransforms.randomGrayscale(1));
        all.put("to_tensor", (x, rng) -> Pictures.tensor(Pictures.toImage(x)));
        all.put(
                "to_pil_image",
                (x, rng) -> Pictures.tensor(Pictures.toImage(x.mul(255).round().to(DType.UINT8)))
                        .mul(255)
                        .permute(1, 2, 0));
        return all;
    }

    private static Tensor picture() {
        return Tensor.of(GOLDEN.floats("x"), GOLDEN.shape("x"));
    }

    @Test
    void transforms_giveTorchvisionsPixels() {
        transforms().forEach((name, transform) -> {
            Tensor y = transform.apply(picture(), Rng.of(1));
            assertThat(y).as(name).hasShape(GOLDEN.shape(name + "/y"));
            assertThat(y).as(name).isCloseTo(GOLDEN.doubles(name + "/y"), name.equals("to_pil_image") ? 1e-3 : 1e-5);
        });
        assertThat(GOLDEN.cases()).hasSize(transforms().size() + 1);
    }

    @Test
    void batches_areChangedAsTheirPictures() {
        Tensor batch = Tensor.stack(java.util.List.of(picture(), picture().mul(0.5)), 0); // [2, 3, H, W]
        transforms().forEach((name, transform) -> {
            if (!name.startsWith("to_")) {
                Tensor second = transform.apply(batch, Rng.of(1)).select(0, 1);
                assertThat(second).as(name).isCloseTo(transform.apply(picture().mul(0.5), Rng.of(1)), 1e-5);
            }
        });
    }

    @Test
    void colorJitter_staysWithinItsAmounts() {
        // a grey picture keeps its contrast and saturation: what changes is the brightness alone, by 0.6 to 1.4
        Tensor gray = Tensor.full(0.5, 3, 2, 2);
        double least = 1;
        double most = 0;
        for (int i = 0; i < 300; i++) {
            double level = TensorTransforms.colorJitter(0.4, 0.3, 0.3, 0.2)
                    .apply(gray, Rng.of(i))
                    .mean()
                    .item();
            least = Math.min(least, level);
            most = Math.max(most, level);
        }
        assertThat(least).isBetween(0.299, 0.32);
        assertThat(most).isBetween(0.68, 0.701);
        assertThat(TensorTransforms.colorJitter(0, 0, 0, 0).apply(picture(), Rng.of(3)))
                .isCloseTo(picture(), 1e-6);
    }

    @Test
    void random_meansAsOftenAsSaid() {
        Tensor x = picture();
        int flipped = 0;
        for (int i = 0; i < 400; i++) {
            flipped += TensorTransforms.randomHorizontalFlip(0.3).apply(x, Rng.of(i)) == x ? 0 : 1;
        }
        assertThat(flipped).isBetween(90, 150);
    }

    @Test
    void wrongNumbers_areNamed() {
        assertThatThrownBy(() -> TensorTransforms.centerCrop(90, 2).apply(picture(), Rng.of(1)))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Colors.gray(Tensor.ones(4, 4, 3))).hasMessageContaining("permute(2, 0, 1)");
        assertThatThrownBy(() -> TensorTransforms.gaussianBlur(4, 1, 2)).hasMessageContaining("odd");
        assertThatThrownBy(() -> TensorTransforms.colorJitter(0, 0, 0, 0.7)).hasMessageContaining("0.5");
        assertThatThrownBy(() -> TensorTransforms.randomGrayscale(50)).hasMessageContaining("percent");
        assertThatThrownBy(() -> Colors.hue(picture(), 90)).hasMessageContaining("360");
        assertThatThrownBy(() -> TensorTransforms.normalize(MEAN, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
