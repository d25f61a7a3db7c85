package espalier.vision;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Random transforms of tensors draw what they say, from the generator that they are given. */
@ExtendWith(NoLeaks.class)
class RandomTransformsTest {
    private static final int DRAWS = 200;

    /** Each pixel is its own number. */
    private static Tensor numbered(int height, int width) {
        return Tensor.arange(0, (long) height * width).to(DType.FLOAT32).reshape(1, height, width);
    }

    private static Map<String, TensorTransform> all() {
        var all = new TreeMap<String, TensorTransform>();
        all.put(
                "affine",
                TensorTransforms.randomAffine(20)
                        .translate(0.2, 0.1)
                        .scale(0.8, 1.2)
                        .shear(5));
        all.put("crop", TensorTransforms.randomCrop(5, 6));
        all.put("erasing", TensorTransforms.randomErasing(0.5, 0));
        all.put("perspective", TensorTransforms.randomPerspective(0.5, 0.5));
        all.put("resizedCrop", TensorTransforms.randomResizedCrop(5, 6));
        all.put("rotation", TensorTransforms.randomRotation(30));
        return all;
    }

    @Test
    void theSameGenerator_givesTheSamePicture_andOthersOthers() {
        Tensor x = numbered(9, 8);
        all().forEach((name, transform) -> {
            assertThat(transform.apply(x, Rng.of(4))).as(name).isCloseTo(transform.apply(x, Rng.of(4)), 0);
            var seen = new TreeSet<String>();
            for (int i = 0; i < 20; i++) {
                seen.add(java.util.Arrays.toString(transform.apply(x, Rng.of(i)).toFloatArray()));
            }
            assertThat(seen).as(name).hasSizeGreaterThan(5);
        });
    }

    @Test
    void randomCrop_comesFromEverywhere() {
        var corners = new TreeSet<Double>();
        for (int i = 0; i < DRAWS; i++) {
            Tensor y = TensorTransforms.randomCrop(2, 3).apply(numbered(4, 4), Rng.of(i));
            assertThat(y).hasShape(1, 2, 3);
            corners.add(y.flatten(0, -1).select(0, 0).item());
        }
        assertThat(corners).containsExactly(0.0, 1.0, 4.0, 5.0, 8.0, 9.0);
    }

    @Test
    void randomErasing_erasesOneRectangleOfTheSizesSaid() {
        Tensor x = Tensor.ones(1, 40, 40);
        int erased = 0;
        for (int i = 0; i < DRAWS; i++) {
            Tensor y = TensorTransforms.randomErasing(0.5, 0).apply(x, Rng.of(i));
            double share = 1 - y.mean().item();
            if (share > 0) {
                erased++;
                double rows = y.amin(false, 2).eq(0).to(DType.FLOAT32).sum().item();
                double columns = y.amin(false, 1).eq(0).to(DType.FLOAT32).sum().item();
                assertThat(rows * columns / 1600).as("a rectangle").isCloseTo(share, within(1e-5));
                assertThat(share).isBetween(0.015, 0.36);
            }
        }
        assertThat(erased).isBetween(70, 130);
    }

    @Test
    void randomRotation_turnsByUpToItsDegrees() {
        Tensor x = Tensor.zeros(1, 41, 41);
        x.narrow(1, 20, 1).fill_(1); // a line through the centre
        double most = 0;
        for (int i = 0; i < DRAWS; i++) {
            Tensor y = TensorTransforms.randomRotation(20).apply(x, Rng.of(i));
            long row = y.select(0, 0).select(1, 38).argmax(0).toLongArray()[0]; // 18 columns from the centre
            most = Math.max(most, Math.abs(row - 20));
        }
        assertThat(most).isCloseTo(18 * Math.tan(Math.toRadians(20)), within(1.0));
    }

    @Test
    void randomPerspective_keepsTheMiddle() {
        Tensor x = Tensor.ones(1, 21, 21);
        for (int i = 0; i < DRAWS; i++) {
            Tensor y = TensorTransforms.randomPerspective(0.5, 1).apply(x, Rng.of(i));
            assertThat(y.narrow(1, 7, 7).narrow(2, 7, 7).mean().item()).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void randomChoice_takesEachAlike_randomOrderTakesAll() {
        TensorTransform one = (x, rng) -> x.add(1);
        TensorTransform two = (x, rng) -> x.mul(2);
        Tensor x = Tensor.full(3, 1, 1, 1);
        var chosen = new TreeMap<Double, Integer>();
        var ordered = new TreeMap<Double, Integer>();
        for (int i = 0; i < DRAWS; i++) {
            chosen.merge(
                    TensorTransforms.randomChoice(one, two).apply(x, Rng.of(i)).item(), 1, Integer::sum);
            ordered.merge(
                    TensorTransforms.randomOrder(one, two).apply(x, Rng.of(i)).item(), 1, Integer::sum);
        }
        assertThat(chosen.keySet()).containsExactly(4.0, 6.0);
        assertThat(ordered.keySet()).containsExactly(7.0, 8.0);
        assertThat(chosen.get(4.0)).isBetween(70, 130);
        assertThat(ordered.get(7.0)).isBetween(70, 130);
    }

    @Test
    void randomResizedCrop_ofAnElongatedPicture_takesItsMiddle() {
        Tensor y = TensorTransforms.randomResizedCrop(3, 3, 1).apply(numbered(3, 30), Rng.of(1));
        assertThat(y).hasShape(1, 3, 3);
        assertThat(y.select(0, 0).select(0, 0).mean().item()).isCloseTo(14.5, within(1.0));
    }

    @Test
    void changed_changesAJavaPicture() {
        var picture = new java.awt.image.BufferedImage(6, 4, java.awt.image.BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, 0xff0000);
        var flipped = Pictures.changed(picture, TensorTransforms.randomHorizontalFlip(1), Rng.of(1));
        assertThat(flipped.getRGB(5, 0) & 0xffffff).isEqualTo(0xff0000);
        assertThat(flipped.getRGB(0, 0) & 0xffffff).isZero();
    }
}
