package espalier.vision.augment;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.BatchTransform;
import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Functional.Padding;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class AugmentationTest {
    static List<BatchTransform> catalogue() {
        return List.of(
                Augmentations.brightness(),
                Augmentations.contrast(),
                Augmentations.cutout(),
                Augmentations.dihedral(),
                Augmentations.flip(),
                Augmentations.hue(),
                Augmentations.none(),
                Augmentations.randomErasing(),
                Augmentations.rotate(),
                Augmentations.saturation(),
                Augmentations.standard(),
                Augmentations.standard().mult(2).flipVertical(),
                Augmentations.warp(),
                Augmentations.zoom());
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void transform_keepsTheContract(BatchTransform transform) {
        Tensor x = Tensor.rand(Rng.of(1), 12, 3, 9, 11);
        Tensor before = x.copy();
        Tensor y = transform.apply(x, true, Draws.rngs(5, 12));
        assertThat(x).as("its input stays").isCloseTo(before, 0);
        assertThat(y).hasShape(12, 3, 9, 11);
        assertThat(y.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(y.min().item()).isGreaterThanOrEqualTo(0);
        assertThat(y.max().item()).isLessThanOrEqualTo(1.00001);
        assertThat(transform.apply(x, true, Draws.rngs(5, 12))).as("same draws").isCloseTo(y, 0);
        Tensor part = transform.apply(x.narrow(0, 4, 3), true, Draws.rngs(5, 12).subList(4, 7));
        assertThat(part).as("neighbours do not matter").isCloseTo(y.narrow(0, 4, 3), 1e-6);
        List<Rng> unused = Draws.rngs(5, 12);
        assertThat(transform.apply(x, false, unused)).as("validation").isCloseTo(x, 0);
        assertThat(unused.stream().map(Rng::state))
                .as("validation draws nothing")
                .isEqualTo(Draws.rngs(5, 12).stream().map(Rng::state).toList());
        assertThat(transform.name()).matches("[a-z][A-Za-z]*");
        assertThat(transform.parameters()).isEqualTo(transform.parameters());
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void D31_extremeShapes_stayFinite(BatchTransform transform) {
        for (long[] shape : new long[][] {{2, 3, 1, 1}, {1, 3, 1, 10000}, {1, 3, 10000, 1}}) {
            Tensor x = Tensor.rand(Rng.of(1), shape);
            Tensor y = transform.apply(x, true, Draws.rngs(5, (int) shape[0]));
            assertThat(y.sum().item()).isFinite();
        }
    }

    @Test
    void draws_doNotDependOnWhatComesOut() {
        List<Rng> never = Draws.rngs(5, 6);
        List<Rng> always = Draws.rngs(5, 6);
        Tensor x = Tensor.rand(Rng.of(1), 6, 3, 5, 5);
        Augmentations.standard().pAffine(0).pLighting(0).apply(x, true, never);
        Augmentations.standard().pAffine(1).pLighting(1).apply(x, true, always);
        assertThat(never.stream().map(Rng::state))
                .isEqualTo(always.stream().map(Rng::state).toList());
    }

    @Test
    void size_happensInValidationToo() {
        Tensor x = Tensor.rand(Rng.of(1), 2, 3, 12, 16);
        var standard = Augmentations.standard().size(6, 8);
        assertThat(standard.apply(x, true, Draws.rngs(1, 2))).hasShape(2, 3, 6, 8);
        Tensor y = standard.apply(x, false, Draws.rngs(1, 2));
        assertThat(y).hasShape(2, 3, 6, 8);
        assertThat(y.select(2, 0).select(2, 0)).isCloseTo(x.select(2, 0).select(2, 0), 1e-5);
        assertThat(y.select(2, 5).select(2, 7)).isCloseTo(x.select(2, 11).select(2, 15), 1e-5);
        Tensor small = standard.size(2).minScale(0.5).apply(x, true, Draws.rngs(1, 2));
        assertThat(small).hasShape(2, 3, 2, 2);
    }

    @Test
    void composition_isCloseToApplyingParts() {
        Tensor x = Tensor.rand(Rng.of(1), 4, 3, 16, 16);
        var parts = List.of(
                Augmentations.flip(),
                Augmentations.brightness().p(1),
                Augmentations.contrast().p(1));
        Tensor composed = Augmentation.of(parts).apply(x, true, Draws.rngs(2, 4));
        List<Rng> rngs = Draws.rngs(2, 4);
        Tensor y = x;
        for (BatchTransform part : parts) {
            y = part.apply(y, true, rngs);
        }
        assertThat(composed).isCloseTo(y, 1e-5);
    }

    @Test
    void standard_hasFastaisParts() {
        assertThat(Augmentations.standard().mult(2).composed().parts())
                .containsExactly(
                        new Flip(0.5),
                        new Warp(0.4, 0.75),
                        new Rotate(20, 0.75),
                        new Zoom(1, 1.1, 0.75),
                        new Brightness(0.4, 0.75),
                        new Contrast(0.4, 0.75));
        assertThat(Augmentations.standard()
                        .noFlip()
                        .mult(0)
                        .maxZoom(1)
                        .composed()
                        .parts())
                .isEmpty();
        assertThat(Augmentations.standard().flipVertical().composed().parts()).contains(new Dihedral(0.5));
        assertThat(Augmentations.standard().size(9).minScale(0.5).composed().parts())
                .contains(new RandomSquare(0.5));
        assertThat(Augmentations.standard().padMode(Padding.BORDER).parameters())
                .containsEntry("padMode", "border");
    }

    @Test
    void setters_changeOneThingEach() {
        var all = Augmentations.standard()
                .maxRotate(5)
                .maxZoom(1.5)
                .minZoom(0.9)
                .maxLighting(0.1)
                .maxWarp(0.3)
                .pAffine(0.6)
                .pLighting(0.5);
        assertThat(all.noFlip().flip().parameters()).isEqualTo(all.parameters());
        assertThat(all.parameters())
                .containsEntry("maxRotate", 5.0)
                .containsEntry("minZoom", 0.9)
                .containsEntry("maxZoom", 1.5)
                .containsEntry("maxLighting", 0.1)
                .containsEntry("maxWarp", 0.3)
                .containsEntry("pAffine", 0.6)
                .containsEntry("pLighting", 0.5);
    }

    @Test
    void wrongInputs_areRefusedWithAdvice() {
        Tensor bytes = Tensor.zeros(DType.UINT8, 2, 3, 4, 4);
        assertThatThrownBy(() -> Augmentations.standard().apply(bytes, true, Draws.rngs(1, 2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("uint8");
        assertThatThrownBy(() -> Augmentations.flip().apply(Tensor.zeros(2, 3, 4, 4), true, Draws.rngs(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("one generator");
        assertThatThrownBy(() -> Augmentations.standard().minScale(0.5)).hasMessageContaining("size");
        assertThatThrownBy(() -> Augmentations.saturation().apply(Tensor.zeros(1, 1, 2, 2), true, Draws.rngs(3, 1)))
                .isInstanceOf(ShapeException.class);
    }

    @Test
    void normalize_isUndoneByDecode() {
        Tensor x = Tensor.rand(Rng.of(1), 2, 3, 4, 5);
        var normalize = Normalize.imagenet();
        Tensor y = normalize.apply(x, true, List.of());
        assertThat(y.select(1, 1)).isCloseTo(x.select(1, 1).sub(0.456).div(0.224), 1e-5);
        assertThat(normalize.decode(y)).isCloseTo(x, 1e-6);
        assertThat(normalize.parameters()).containsEntry("mean", List.of(0.485, 0.456, 0.406));
        assertThatThrownBy(() -> normalize.apply(Tensor.zeros(2, 1, 4, 5), false, List.of()))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Normalize.of(new double[] {0}, new double[] {0}))
                .hasMessageContaining("Maybe");
    }
}
