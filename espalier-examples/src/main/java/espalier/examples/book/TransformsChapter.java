package espalier.examples.book;

import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.Transforms;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.ColorSpaces;
import espalier.vision.Crops;
import espalier.vision.Pictures;
import espalier.vision.TensorTransform;
import espalier.vision.TensorTransforms;
import espalier.vision.Warps;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Chapter: pictures changed before a network sees them. */
final class TransformsChapter {
    private TransformsChapter() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        Path file = ImageFiles.first(stage.only("ankle-boot").resolve("train"));
        try (var scope = Scope.open()) {
            Tensor x = fromFile(file, stage.side(64, 256), print);
            compose(x, print);
            crops(x, print);
            colours(print);
            own(x, print);
            gallery(x, stage.out());
        }
    }

    private static Tensor fromFile(Path file, int size, PrintStream print) {
        // region file
        var prepare = List.of(Transforms.resize(size), Transforms.centerCrop(size * 7 / 8));
        Image picture = Transforms.applied(prepare, ImageReader.of().read(file), false, Rng.of(0));
        Tensor x = Pictures.tensor(picture); // [3, H, W], from 0 to 1
        print.println(picture.width() + " by " + picture.height() + ", then " + x.shape());
        // endregion
        return x;
    }

    private static void compose(Tensor x, PrintStream print) {
        // region compose
        var training = TensorTransforms.compose(
                TensorTransforms.randomResizedCrop(48, 48, 0.5),
                TensorTransforms.randomHorizontalFlip(0.5),
                TensorTransforms.randomApply(TensorTransforms.randomRotation(15), 0.5),
                TensorTransforms.colorJitter(0.3, 0.3, 0.3, 0.05),
                TensorTransforms.normalize(new double[] {0.5, 0.5, 0.5}, new double[] {0.25, 0.25, 0.25}));
        Tensor one = training.apply(x, Rng.of(1));
        print.println(one.shape());
        print.println(one.equalTo(training.apply(x, Rng.of(1))) + " " + one.equalTo(training.apply(x, Rng.of(2))));
        // endregion
    }

    private static void crops(Tensor x, PrintStream print) {
        // region crops
        print.println(Crops.five(x, 40, 40).shape()); // the corners and the middle
        print.println(Crops.ten(x, 40, 40).shape()); // and the same of the mirrored picture
        print.println(Crops.pad(x, 4, 4, 4, 4, Crops.Fill.REFLECT).shape());
        // endregion
    }

    private static void colours(PrintStream print) {
        // region colours
        Tensor orange = Tensor.of(new double[] {1, 0.5, 0}, 3, 1, 1);
        show("HSV ", ColorSpaces.rgbToHsv(orange), print);
        show("YUV ", ColorSpaces.rgbToYuv(orange), print);
        show("XYZ ", ColorSpaces.rgbToXyz(orange), print);
        show("LAB ", ColorSpaces.rgbToLab(orange), print);
        show("CMYK", ColorSpaces.rgbToCmyk(orange), print);
        show("RGB ", ColorSpaces.labToRgb(ColorSpaces.rgbToLab(orange)), print); // and back
        // endregion
    }

    private static void show(String name, Tensor colour, PrintStream print) {
        var numbers = new ArrayList<String>();
        for (double number : colour.toDoubleArray()) {
            numbers.add(String.format(Locale.ROOT, "%.3f", number));
        }
        print.println(name + " " + String.join(" ", numbers));
    }

    // region salt
    /** White and black pixels, as of a bad sensor. */
    record SaltAndPepper(double share) implements TensorTransform {
        @Override
        public Tensor apply(Tensor x, Rng rng) {
            Tensor noise = Tensor.rand(rng, x.size(-2), x.size(-1)); // [H, W]: all channels of a pixel alike
            Tensor y = x.maskedFill(noise.lt(share / 2), 0);
            return y.maskedFill(noise.gt(1 - share / 2), 1);
        }
    }
    // endregion

    private static void own(Tensor x, PrintStream print) {
        // region own
        Tensor y = new SaltAndPepper(0.1).apply(x, Rng.of(3));
        double changed = y.ne(x).any(0).sum().item() / (x.size(1) * x.size(2)); // black on black is no change
        print.println(changed > 0.03 && changed < 0.1);
        TensorTransform darker = (picture, rng) -> picture.square(); // a lambda is a transform, too
        print.println(darker.apply(x, Rng.of(0)).mean().item() < x.mean().item());
        // endregion
    }

    private static void gallery(Tensor x, Path out) throws IOException {
        // region gallery
        List<TensorTransform> all = List.of(
                (picture, rng) -> picture,
                TensorTransforms.randomHorizontalFlip(1),
                TensorTransforms.randomAffine(25).translate(0.1, 0.1).sampling(Warps.Sampling.BILINEAR),
                TensorTransforms.randomPerspective(0.5, 1),
                TensorTransforms.randomErasing(1, 0.5),
                TensorTransforms.gaussianBlur(7, 2, 2),
                TensorTransforms.colorJitter(0.6, 0.6, 0, 0),
                new SaltAndPepper(0.1));
        var changed = new ArrayList<Tensor>();
        for (var transform : all) {
            changed.add(transform.apply(x, Rng.of(5)));
        }
        ImageIO.write(
                Pictures.toImage(Pictures.grid(Tensor.stack(changed, 0), 4)),
                "png",
                out.resolve("transforms.png").toFile());
        // endregion
    }
}
