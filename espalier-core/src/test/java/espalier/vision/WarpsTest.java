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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Crops, frames and affine maps give torchvision's pixels, colour spaces those of scikit-image. */
@ExtendWith(NoLeaks.class)
class WarpsTest {
    private static final Golden GOLDEN = Golden.load("warps");
    private static final Warps.Sampling BILINEAR = Warps.Sampling.BILINEAR;
    private static final Warps.Sampling NEAREST = Warps.Sampling.NEAREST;
    private static final double[][] CORNERS = {{0, 0}, {6, 0}, {6, 5}, {0, 5}};
    private static final double[][] MOVED = {{1, 1}, {5, 0}, {6, 4}, {0, 5}};

    private static Tensor picture() {
        return Tensor.of(GOLDEN.floats("x"), GOLDEN.shape("x")); // [3, 6, 7]
    }

    private static Map<String, UnaryOperator<Tensor>> shapes() {
        var all = new LinkedHashMap<String, UnaryOperator<Tensor>>();
        all.put("five_crop", x -> Crops.five(x, 3, 4));
        all.put("ten_crop", x -> Crops.ten(x, 3, 4));
        all.put("crop", x -> Crops.crop(x, 1, 2, 3, 4));
        all.put("pad_constant", x -> Crops.pad(x, 1, 2, 0, 3, 0.25));
        all.put("pad_edge", x -> Crops.pad(x, 1, 2, 0, 3, Crops.Fill.EDGE));
        all.put("pad_reflect", x -> Crops.pad(x, 1, 2, 0, 3, Crops.Fill.REFLECT));
        all.put("pad_symmetric", x -> Crops.pad(x, 1, 2, 0, 3, Crops.Fill.SYMMETRIC));
        all.put("erase", x -> Crops.erase(x, 1, 2, 3, 4, 0.5));
        all.put("rotate", x -> Warps.rotate(x, 30, BILINEAR));
        all.put("rotate_nearest", x -> Warps.rotate(x, -75, NEAREST));
        all.put("affine", x -> Warps.affine(x, new Warps.Affine(20, 1, -2, 1.3, 10, 5), BILINEAR));
        all.put("affine_nearest", x -> Warps.affine(x, new Warps.Affine(-40, 0, 1, 0.8, 0, 15), NEAREST));
        all.put("perspective", x -> Warps.perspective(x, CORNERS, MOVED, BILINEAR));
        all.put("perspective_nearest", x -> Warps.perspective(x, CORNERS, MOVED, NEAREST));
        return all;
    }

    private static Map<String, UnaryOperator<Tensor>> colours() {
        var all = new LinkedHashMap<String, UnaryOperator<Tensor>>();
        all.put("hsv", ColorSpaces::rgbToHsv);
        all.put("hsv_back", x -> ColorSpaces.hsvToRgb(ColorSpaces.rgbToHsv(x)));
        all.put("yuv", ColorSpaces::rgbToYuv);
        all.put("yuv_back", x -> ColorSpaces.yuvToRgb(ColorSpaces.rgbToYuv(x)));
        all.put("xyz", ColorSpaces::rgbToXyz);
        all.put("xyz_back", x -> ColorSpaces.xyzToRgb(ColorSpaces.rgbToXyz(x)));
        all.put("lab", ColorSpaces::rgbToLab);
        all.put("lab_back", x -> ColorSpaces.labToRgb(ColorSpaces.rgbToLab(x)));
        return all;
    }

    private static void check(String name, Tensor y, double tolerance) {
        assertThat(y).as(name).hasShape(GOLDEN.shape(name + "/y"));
        assertThat(y.to(DType.FLOAT64)).as(name).isCloseTo(GOLDEN.doubles(name + "/y"), tolerance);
    }

    @Test
    void shapes_giveTorchvisionsPixels() {
        shapes().forEach((name, change) -> check(name, change.apply(picture()), 1e-5));
    }

    @Test
    void colourSpaces_giveThoseOfScikitImage() {
        colours().forEach((name, change) -> check(name, change.apply(picture().to(DType.FLOAT64)), 1e-4));
    }

    @Test
    void greyPictures_changeAsInTorchvision() {
        Tensor gray = picture().narrow(0, 0, 1); // [1, 6, 7]
        check("gray_brightness", Colors.brightness(gray, 1.4), 1e-5);
        check("gray_contrast", Colors.contrast(gray, 0.6), 1e-5);
        check("gray_saturation", Colors.saturation(gray, 1.7), 1e-5);
        check("gray_hue", Colors.hue(gray, 0.2), 1e-5);
        assertThat(TensorTransforms.colorJitter(0.4, 0.4, 0.4, 0.2).apply(gray, Rng.of(1)))
                .hasShape(1, 6, 7);
    }

    @Test
    void grid_isTorchvisions() {
        check("grid", Pictures.grid(Tensor.of(GOLDEN.floats("grid_x"), GOLDEN.shape("grid_x")), 3), 1e-5);
        assertThatThrownBy(() -> Pictures.grid(picture(), 3)).hasMessageContaining("unsqueeze");
    }

    @Test
    void batches_areChangedAsTheirPictures() {
        Tensor batch = Tensor.stack(java.util.List.of(picture(), picture().mul(0.5)), 0); // [2, 3, H, W]
        shapes().forEach((name, change) -> {
            int dim = name.endsWith("_crop") ? 1 : 0; // the crops come first
            Tensor second = change.apply(batch).select(dim, 1);
            assertThat(second).as(name).isCloseTo(change.apply(picture().mul(0.5)), 1e-5);
        });
        colours()
                .forEach((name, change) -> assertThat(change.apply(batch).select(0, 1))
                        .as(name)
                        .isCloseTo(change.apply(picture().mul(0.5)), 1e-4));
    }

    @Test
    void cmyk_separatesBlackAndComesBack() {
        Tensor red = Tensor.ofNested(new double[][][] {{{0.5}}, {{0}}, {{0.25}}}); // [3, 1, 1]
        assertThat(ColorSpaces.rgbToCmyk(red).flatten(0, -1)).isCloseTo(new double[] {0, 1, 0.5, 0.5}, 1e-12);
        Tensor black = ColorSpaces.rgbToCmyk(Tensor.zeros(DType.FLOAT64, 3, 1, 1));
        assertThat(black.flatten(0, -1)).isCloseTo(new double[] {0, 0, 0, 1}, 1e-12);
        assertThat(ColorSpaces.cmykToRgb(ColorSpaces.rgbToCmyk(picture()))).isCloseTo(picture(), 1e-6);
    }

    @Test
    void masks_keepTheirValues() {
        Tensor mask = picture().gt(0.5).to(DType.FLOAT32);
        for (var turned : java.util.List.of(
                Warps.rotate(mask, 33, NEAREST),
                TensorTransforms.randomAffine(40).translate(0.2, 0.2).shear(9).apply(mask, Rng.of(3)))) {
            assertThat(turned.eq(0).logicalOr(turned.eq(1)).all().item()).isEqualTo(1);
        }
    }

    @Test
    void wrongNumbers_areNamed() {
        assertThatThrownBy(() -> Crops.crop(picture(), 4, 0, 3, 3))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("from row 4");
        assertThatThrownBy(() -> Crops.pad(picture(), 9, 0, 0, 0, Crops.Fill.REFLECT))
                .hasMessageContaining("6 pixels wide for a side of 7");
        assertThatThrownBy(() -> Crops.pad(picture(), -1, 0, 0, 0, 0)).hasMessageContaining("crop");
        assertThatThrownBy(() -> new Warps.Affine(0, 0, 0, 0, 0, 0)).hasMessageContaining("scale");
        double[][] line = {{0, 0}, {1, 1}, {2, 2}, {3, 3}};
        assertThatThrownBy(() -> Warps.perspective(picture(), CORNERS, line, BILINEAR))
                .hasMessageContaining("on a line");
        assertThatThrownBy(() -> ColorSpaces.cmykToRgb(picture())).hasMessageContaining("4, H, W");
        assertThatThrownBy(() -> TensorTransforms.randomAffine(10).translate(5, 0))
                .hasMessageContaining("shares of a side");
        assertThatThrownBy(() -> TensorTransforms.randomCrop(9, 9).apply(picture(), Rng.of(1)))
                .hasMessageContaining("pad it first");
        assertThatThrownBy(TensorTransforms::randomChoice).hasMessageContaining("nothing to choose");
    }
}
