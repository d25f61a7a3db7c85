package espalier.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.BatchTransform;
import espalier.format.DType;
import espalier.image.Image;
import espalier.rng.Rng;
import espalier.tensor.Functional.Padding;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.TensorAssert;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class FusedWarpTest {
    private static final double LEVEL = 1 / 255.0;

    static List<BatchTransform> fusible() {
        var twice = Augmentations.standard().mult(2);
        return List.of(
                Augmentations.none(),
                Augmentations.flip(),
                Augmentations.dihedral(),
                Augmentations.rotate().maxDegrees(180).p(1),
                Augmentations.warp().p(1),
                Augmentations.zoom().minZoom(0.3).p(1),
                Augmentations.brightness(),
                Augmentations.contrast(),
                twice,
                twice.padMode(Padding.ZEROS),
                twice.padMode(Padding.BORDER),
                twice.flipVertical().minZoom(0.7),
                twice.size(11, 17),
                twice.size(40).minScale(0.4),
                Augmentations.standard().size(6));
    }

    private static Image noise(long seed, int height, int width) {
        Rng rng = Rng.of(seed);
        byte[] data = new byte[3 * height * width];
        for (int i = 0; i < data.length; i++) {
            // The darkest levels have a test of their own.
            data[i] = (byte) (8 + rng.nextInt(248));
        }
        return Image.of(width, height, data);
    }

    /** The same by tensors, as {@code [N, 3, H, W]} in 0 to 1. */
    private static Tensor byTensors(List<Image> images, BatchTransform transform, boolean training) {
        var pictures = new ArrayList<Tensor>();
        for (Image image : images) {
            pictures.add(
                    Tensor.of(image.data(), image.height(), image.width(), 3).permute(2, 0, 1));
        }
        Tensor x = Tensor.stack(pictures, 0).to(DType.FLOAT32).div(255);
        return transform.apply(x, training, Draws.rngs(4, images.size()));
    }

    @ParameterizedTest
    @MethodSource("fusible")
    void result_isThatOfTensors(BatchTransform transform) {
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            images.add(noise(i, 21, 27));
        }
        var fused = FusedWarp.of(List.of(transform)).orElseThrow();
        for (boolean training : new boolean[] {true, false}) {
            Tensor expected = byTensors(images, transform, training);
            Tensor y = fused.apply(images, training, Draws.rngs(4, 12));
            TensorAssert.assertThat(y).isCloseTo(expected, 0.6 * LEVEL);
            // Averaging before sampling rounds to whole levels.
            assertThat(y.sub(expected).abs().mean().item()).isLessThan(0.2 * LEVEL);
        }
    }

    @Test
    void blackAndWhite_isWithinTwoLevels() {
        var images = new ArrayList<Image>();
        for (int i = 0; i < 16; i++) {
            byte[] data = noise(i, 20, 20).data();
            for (int k = 0; k < data.length; k++) {
                data[k] = (byte) (data[k] < 0 ? 255 : 0);
            }
            images.add(Image.of(20, 20, data));
        }
        var transform = Augmentations.standard().mult(2);
        Tensor expected = byTensors(images, transform, true);
        Tensor y = FusedWarp.of(List.of(transform)).orElseThrow().apply(images, true, Draws.rngs(4, 16));
        TensorAssert.assertThat(y).isCloseTo(expected, 2 * LEVEL);
        assertThat(y.sub(expected).abs().mean().item()).isLessThan(0.1 * LEVEL);
    }

    @Test
    void normalisation_isIncluded() {
        var images = List.of(noise(1, 9, 8), noise(2, 9, 8));
        var normalize = Normalize.imagenet();
        Tensor plain = FusedWarp.of(List.of()).orElseThrow().apply(images, false, Draws.rngs(1, 2));
        Tensor y = FusedWarp.of(List.of(Augmentations.standard(), normalize))
                .orElseThrow()
                .apply(images, false, Draws.rngs(1, 2));
        TensorAssert.assertThat(y).isCloseTo(normalize.apply(plain, false, List.of()), 1e-5);
        TensorAssert.assertThat(plain).isCloseTo(byTensors(images, Augmentations.none(), false), 1e-6);
        assertThat(y.channelsLast()).as("already in channels_last order").isSameAs(y);
    }

    @Test
    void sameGenerator_givesTheSameFloats() {
        var fused = FusedWarp.of(List.of(Augmentations.standard().mult(2), Normalize.imagenet()))
                .orElseThrow();
        FloatBuffer first = FloatBuffer.allocate(3 * 30 * 31);
        FloatBuffer second = FloatBuffer.allocate(3 * 30 * 31);
        fused.apply(noise(3, 30, 31), true, Rng.of(8).derive(1, 2), first);
        fused.apply(noise(9, 64, 5), true, Rng.of(3), FloatBuffer.allocate(3 * 64 * 5));
        fused.apply(noise(3, 30, 31), true, Rng.of(8).derive(1, 2), second);
        assertThat(first.array()).isEqualTo(second.array());
        assertThat(first.hasRemaining()).isFalse();
    }

    @Test
    void D31_extremeShapes_stayFinite() {
        var standard = Augmentations.standard().mult(2);
        var horizon = standard.minZoom(0.02).maxZoom(0.02);
        for (int[] shape : new int[][] {{1, 1}, {1, 10000}, {10000, 1}, {20, 30}}) {
            for (BatchTransform transform :
                    List.of(standard, standard.size(8), standard.padMode(Padding.ZEROS), horizon)) {
                var fused = FusedWarp.of(List.of(transform)).orElseThrow();
                var images = List.of(noise(1, shape[0], shape[1]));
                assertThat(fused.apply(images, true, Draws.rngs(6, 1)).sum().item())
                        .isFinite();
            }
        }
    }

    @Test
    void strongShrinking_averagesFirst() {
        Image image = noise(5, 240, 260);
        var fused = FusedWarp.of(List.of(Augmentation.of().size(8))).orElseThrow();
        Tensor y = fused.apply(List.of(image), false, Draws.rngs(1, 1));
        Tensor expected = byTensors(List.of(image), Augmentation.of().size(8), false);
        TensorAssert.assertThat(y).isCloseTo(expected, LEVEL);
        double spread = y.sub(y.mean()).square().mean().sqrt().item();
        assertThat(spread).as("noise is averaged away").isLessThan(0.05);
    }

    @Test
    void whatIsNotPointwise_isNotFused() {
        var normalize = Normalize.imagenet();
        assertThat(FusedWarp.of(List.of(Augmentations.hue(), normalize))).isEmpty();
        assertThat(FusedWarp.of(List.of(Augmentations.saturation()))).isEmpty();
        assertThat(FusedWarp.of(List.of(Augmentations.randomErasing()))).isEmpty();
        assertThat(FusedWarp.of(List.of(normalize, Augmentations.flip()))).isEmpty();
        assertThat(FusedWarp.of(List.of(Augmentations.flip(), Augmentations.rotate())))
                .isEmpty();
        assertThat(FusedWarp.of(List.of(Normalize.of(new double[] {0.5}, new double[] {0.5}))))
                .isEmpty();
        assertThat(FusedWarp.of(List.of(normalize))).isPresent();
    }

    @Test
    void wrongSizes_areRefused() {
        var fused = FusedWarp.of(List.of()).orElseThrow();
        assertThatThrownBy(() -> fused.apply(List.of(noise(1, 4, 4), noise(2, 4, 5)), true, Draws.rngs(1, 2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("resize");
        assertThatThrownBy(() -> fused.apply(noise(1, 4, 4), true, Rng.of(1), FloatBuffer.allocate(47)))
                .isInstanceOf(ShapeException.class);
    }

    @Test
    void lightTable_isExactEverywhere() {
        var tone = new Tone().brightness(0.7).contrast(0.6);
        float[] table = LightTable.of(tone);
        for (int k = 0; k <= LightTable.WHITE; k++) {
            double x = Math.min(1 - 1e-7, Math.max(1e-7, k / 4080.0));
            double logit = tone.own() * Math.log(x / (1 - x)) + tone.shift();
            assertThat(table[k]).isCloseTo((float) (1 / (1 + Math.exp(-logit))), within(1e-4f));
        }
    }
}
