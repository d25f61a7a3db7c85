package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.Transform;
import espalier.rng.Rng;
import espalier.testing.plain.Golden;
import espalier.testing.plain.Pictures;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class TransformsTest {
    static Stream<Transform<Image>> every() {
        return Stream.of(
                Transforms.centerCrop(24),
                new CenterCrop(10, 50),
                Transforms.flip(),
                Transforms.grayscale(),
                Transforms.randAugment(),
                Transforms.randAugment().operations(3).magnitude(30),
                Transforms.randomCrop(24),
                new RandomCrop(20, 40, 4, Padding.REFLECTION),
                Transforms.randomResizedCrop(32),
                Transforms.randomResizedCrop(24, 40)
                        .minScale(0.5)
                        .maxScale(0.75)
                        .ratio(1, 1)
                        .extra(0.3),
                Transforms.resize(32),
                Transforms.resize(24, 40).method(Resize.Method.SQUISH).interpolation(Interpolation.BICUBIC),
                Transforms.resize(40, 24).padding(Padding.ZEROS),
                Transforms.resize(32).padding(Padding.BORDER),
                Transforms.resize(32).method(Resize.Method.PAD),
                Transforms.resizeShortSide(32).crop(28),
                Transforms.trivialAugment());
    }

    @ParameterizedTest
    @MethodSource("every")
    void transform_keepsTheContract(Transform<Image> transform) {
        TransformContract.check(transform);
    }

    /** Maps without an order would give another model file in every run of the program. */
    @Test
    void parameters_haveAFixedOrder() {
        assertThat(Transforms.randomResizedCrop(64).parameters().keySet())
                .containsExactly(
                        "height", "width", "minScale", "maxScale", "minRatio", "maxRatio", "extra", "interpolation");
        assertThat(Transforms.resize(64).parameters().keySet())
                .containsExactly("height", "width", "method", "padding", "interpolation");
    }

    @Test
    void names_areAllTriedAndInOrder() {
        Set<String> tried = new HashSet<>();
        every().forEach(t -> tried.add(t.name()));
        assertThat(Transforms.names()).isSorted().containsExactlyInAnyOrderElementsOf(tried);
    }

    static Stream<JsonNode> fastai() {
        return Golden.load("image/transforms").value("/fastai").valueStream();
    }

    @ParameterizedTest
    @MethodSource("fastai")
    void validation_equalsFastai(JsonNode expected) {
        int width = expected.at("/to/0").asInt();
        int height = expected.at("/to/1").asInt();
        Transform<Image> transform =
                switch (expected.get("transform").asString()) {
                    case "crop" -> Transforms.resize(height, width);
                    case "squish" -> Transforms.resize(height, width).method(Resize.Method.SQUISH);
                    case "pad" ->
                        Transforms.resize(height, width)
                                .padding(Padding.valueOf(
                                        expected.get("mode").asString().toUpperCase(Locale.ROOT)));
                    default -> Transforms.randomResizedCrop(height, width);
                };
        check(transform, expected);
    }

    static Stream<JsonNode> torchvision() {
        return Golden.load("image/transforms").value("/torchvision").valueStream();
    }

    @ParameterizedTest
    @MethodSource("torchvision")
    void resizeShortSide_equalsTorchvision(JsonNode expected) {
        var kind = Interpolation.valueOf(expected.get("filter").asString().toUpperCase(Locale.ROOT));
        int size = expected.get("resize").asInt();
        int crop = expected.get("crop").asInt();
        check(Transforms.resizeShortSide(size).crop(crop).interpolation(kind), expected);
    }

    private static void check(Transform<Image> transform, JsonNode expected) {
        Image source = Pictures.synthetic(
                expected.at("/from/0").asInt(), expected.at("/from/1").asInt());
        Image result = transform.apply(source, false, Rng.of(0));
        assertThat(result.width()).isEqualTo(expected.at("/result/width").asInt());
        assertThat(result.height()).isEqualTo(expected.at("/result/height").asInt());
        JsonNode row = expected.at("/result/middle_row");
        for (int i = 0; i < row.size(); i++) {
            assertThat(result.data()[result.height() / 2 * result.width() * 3 + i] & 0xff)
                    .as("sample %d", i)
                    .isEqualTo(row.get(i).asInt());
        }
        assertThat(Pictures.crc(result)).isEqualTo(expected.at("/result/crc").asLong());
    }

    @Test
    void resize_inTraining_takesRandomPlaces() {
        Image wide = Pictures.synthetic(300, 100);
        Set<Image> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            seen.add(Transforms.resize(10).apply(wide, true, Rng.of(i)));
        }
        assertThat(seen).hasSizeGreaterThan(15);
    }

    @Test
    void randomResizedCrop_inTraining_keepsScaleAndRatio() {
        // Red tells the column and green the row, so that the box can be seen in the result.
        byte[] data = new byte[250 * 250 * 3];
        for (int i = 0; i < data.length / 3; i++) {
            data[3 * i] = (byte) (i % 250);
            data[3 * i + 1] = (byte) (i / 250);
        }
        Image ramp = Image.of(250, 250, data);
        var transform = Transforms.randomResizedCrop(8).minScale(0.3);
        double least = 1;
        double most = 0;
        double sum = 0;
        int n = 1000;
        for (int i = 0; i < n; i++) {
            Image out = transform.apply(ramp, true, Rng.of(i));
            double width = (out.level(7, 0, 0) - out.level(0, 0, 0)) / 250.0 * 8 / 7;
            double height = (out.level(0, 7, 1) - out.level(0, 0, 1)) / 250.0 * 8 / 7;
            assertThat(width / height).isBetween(0.70, 1.42);
            least = Math.min(least, width * height);
            most = Math.max(most, width * height);
            sum += width * height; // large boxes fit in fewer aspects: the mean is below the middle of 0.3 and 1
        }
        assertThat(least).isBetween(0.27, 0.33);
        assertThat(most).isBetween(0.93, 1.02);
        assertThat(sum / n).isBetween(0.55, 0.65);
    }

    @Test
    void randomResizedCrop_validation_addsFastaisMargin() {
        assertThat(Transforms.randomResizedCrop(224).decodeShortSide()).isEqualTo(792);
        assertThat(Transforms.randomResizedCrop(224).minScale(0.5).decodeShortSide())
                .isEqualTo(317);
        assertThat(Transforms.randomResizedCrop(224).minScale(1).decodeShortSide())
                .isEqualTo(295); // 1.15 of 256
    }

    @Test
    void flip_happensInTheGivenShareOfTrainingPictures() {
        Image x = Pictures.synthetic(9, 5);
        int flipped = 0;
        for (int i = 0; i < 1000; i++) {
            flipped += Transforms.flip(0.3).apply(x, true, Rng.of(i)).equals(x) ? 0 : 1;
        }
        assertThat(flipped).isBetween(250, 350);
        assertThat(Transforms.flip(1).apply(x, true, Rng.of(1))).isEqualTo(x.flip());
        assertThat(Transforms.flip(1).apply(x, false, Rng.of(1))).isEqualTo(x);
    }

    @Test
    void centerCrop_ofASmallerPicture_isPaddedWithBlack() {
        Image x = Image.of(1, 1, new byte[] {9, 8, 7});
        Image out = Transforms.centerCrop(3).apply(x, false, Rng.of(0));
        assertThat(out.level(1, 1, 0)).isEqualTo(9);
        assertThat(out.level(0, 1, 0)).isZero();
    }

    @Test
    void D31_extremePictures_comeOutAtTheRightSize() {
        for (int[] size : new int[][] {{1, 1}, {1, 10_000}, {10_000, 1}, {2, 3000}, {4000, 3}}) {
            Image x = Pictures.synthetic(size[0], size[1]);
            every().filter(t -> t instanceof Resizing).forEach(t -> {
                boolean pads = "pad".equals(t.parameters().get("method"));
                for (boolean training : pads ? new boolean[] {true} : new boolean[] {true, false}) {
                    Image out = t.apply(x, training, Rng.of(1));
                    Map<String, Object> p = t.parameters();
                    assertThat(out.width()).isEqualTo(p.getOrDefault("width", p.get("crop")));
                    assertThat(out.height()).isEqualTo(p.getOrDefault("height", p.get("crop")));
                }
            });
        }
        Image black = Image.of(64, 64, new byte[64 * 64 * 3]);
        assertThat(Transforms.resize(20).apply(black, true, Rng.of(1)).data()).containsOnly(0);
    }

    @Test
    void decodeShortSide_isTheFirstResizings() {
        assertThat(Transforms.decodeShortSide(List.of(Transforms.flip(), Transforms.resize(100))))
                .isEqualTo(OptionalInt.of(115));
        assertThat(Transforms.decodeShortSide(
                        List.of(Transforms.resizeShortSide(256).crop(224))))
                .isEqualTo(OptionalInt.of(295));
        assertThat(Transforms.decodeShortSide(List.of(Transforms.centerCrop(100), Transforms.resize(100))))
                .isEmpty();
        assertThat(Transforms.decodeShortSide(List.of())).isEmpty();
    }

    @Test
    void from_unknownOrIncomplete_isRefused() {
        assertThatThrownBy(() -> Transforms.from("warp", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("warp")
                .hasMessageContaining("resizeShortSide");
        assertThatThrownBy(() -> Transforms.from("centerCrop", Map.of("height", 3)))
                .hasMessageContaining("width")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> Transforms.from("flip", Map.of("p", "often"))).hasMessageContaining("a number");
        assertThatThrownBy(() -> Transforms.resize(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
