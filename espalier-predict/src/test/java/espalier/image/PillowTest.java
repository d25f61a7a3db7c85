package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.plain.Golden;
import espalier.testing.plain.Pictures;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Reads small files of many kinds, and resizes pictures, as Pillow does. */
class PillowTest {
    private static final Golden FILES = Golden.load("pictures");
    private static final Golden RESIZES = Golden.load("augment/resize");

    private static Image picture(Golden golden, String tensor) {
        long[] shape = golden.shape(tensor); // [H, W, 3]
        long[] levels = golden.longs(tensor);
        byte[] data = new byte[levels.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) levels[i];
        }
        return Image.of((int) shape[1], (int) shape[0], data);
    }

    static List<String> files() {
        return List.copyOf(FILES.value("/files").propertyNames());
    }

    @ParameterizedTest
    @MethodSource("files")
    void read_pictureOfAnyKind_seesWhatPillowSees(String file) throws IOException {
        JsonNode expected = FILES.value("/files").get(file);
        try (InputStream in = PillowTest.class.getResourceAsStream("/golden/pictures/" + file)) {
            Decoded decoded = ImageReader.of().decode(in.readAllBytes());
            Image pillow = picture(FILES, expected.get("tensor").asString());
            assertThat(decoded.image()).hasToString(pillow.toString());
            assertThat(Pictures.maxDifference(decoded.image(), pillow)).isLessThanOrEqualTo(tolerance(file));
        }
    }

    /** The eight orientations are compared with the picture before it became a JPEG. */
    private static int tolerance(String file) {
        if (file.startsWith("exif") && file.endsWith(".jpg")) {
            return 8;
        }
        boolean exact = file.endsWith(".png") || file.endsWith(".bmp") || file.endsWith(".gif");
        return exact && !file.contains("alpha") && !file.contains("transparent") && !file.contains("rgb") ? 0 : 1;
    }

    static List<String> resizes() {
        return RESIZES.cases().stream().filter(c -> c.startsWith("bi")).toList();
    }

    @ParameterizedTest
    @MethodSource("resizes")
    void resample_equalsPillow(String name) {
        JsonNode options = RESIZES.value("/cases").get(name);
        long[] size = Golden.longs(options.get("size"));
        var resample = Resample.of((int) size[1], (int) size[0])
                .interpolation(Interpolation.valueOf(
                        options.get("interpolation").asString().toUpperCase(Locale.ROOT)));
        if (options.has("box_left_top_right_bottom")) {
            double[] box = Golden.doubles(options.get("box_left_top_right_bottom"));
            resample = resample.box(new Resample.Box(box[0], box[1], box[2], box[3]));
        }
        Image resized = resample.apply(picture(RESIZES, options.get("input").asString()));
        assertThat(Pictures.maxDifference(resized, picture(RESIZES, name + "/y")))
                .isLessThanOrEqualTo(1);
    }
}
