package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.Transform;
import espalier.rng.Rng;
import espalier.testing.plain.Golden;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Resizes in validation give the pixels that fastai gives. */
class FastaiResizeTest {
    private static final Golden GOLDEN = Golden.load("augment/resize");

    static List<String> cases() {
        return GOLDEN.cases().stream().filter(c -> c.startsWith("r")).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void apply_inValidation_equalsFastai(String name) {
        JsonNode options = GOLDEN.value("/cases").get(name);
        Image x = transform(options).apply(picture(options.get("input").asString()), false, Rng.of(0));
        byte[] actual = x.data();
        byte[] expected = picture(name + "/y").data();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs((actual[i] & 255) - (expected[i] & 255)))
                    .as("level %d", i)
                    .isLessThanOrEqualTo(1);
        }
    }

    private static Transform<Image> transform(JsonNode options) {
        long[] size = Golden.longs(options.get("size"));
        int height = (int) size[0];
        int width = (int) size[1];
        if (options.get("fastai").asString().equals("RandomResizedCrop")) {
            return Transforms.randomResizedCrop(height, width);
        }
        var resize = Transforms.resize(height, width)
                .method(Resize.Method.valueOf(options.get("method").asString().toUpperCase(Locale.ROOT)));
        boolean pads = options.has("padding") && !options.get("padding").isNull();
        return pads
                ? resize.padding(
                        Padding.valueOf(options.get("padding").asString().toUpperCase(Locale.ROOT)))
                : resize;
    }

    private static Image picture(String tensor) {
        long[] shape = GOLDEN.shape(tensor); // [H, W, 3]
        long[] levels = GOLDEN.longs(tensor);
        byte[] data = new byte[levels.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) levels[i];
        }
        return Image.of((int) shape[1], (int) shape[0], data);
    }
}
