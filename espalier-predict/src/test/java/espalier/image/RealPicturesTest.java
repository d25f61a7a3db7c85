package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.plain.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The reader against Pillow on photographs that are not in the repository. */
@Tag("real")
class RealPicturesTest {
    private static final Path DATA = shared().resolve("data");

    private static Path shared() {
        String property = System.getProperty("espalier.shared", "");
        return property.isBlank() ? Path.of("../../shared") : Path.of(property);
    }

    /** Every fifth picture: path, upright width and height, means of the three channels as Pillow reads them, over white. */
    @Test
    void pictures_areReadAsPillowReadsThem() {
        var pictures = Golden.load("image/real").value("/pictures");
        assertThat(pictures.size()).isGreaterThan(250);
        for (JsonNode expected : pictures) {
            String name = expected.get(0).asString();
            Image image = ImageReader.of().read(DATA.resolve(name));
            assertThat(image)
                    .as(name)
                    .hasToString("Image " + expected.get(1).asInt() + "x"
                            + expected.get(2).asInt());
            for (int c = 0; c < 3; c++) {
                assertThat(mean(image, c))
                        .as("%s, channel %d", name, c)
                        .isCloseTo(expected.get(3 + c).asDouble(), within(0.3));
            }
        }
    }

    private static Offset<Double> within(double offset) {
        return Offset.offset(offset);
    }

    private static double mean(Image image, int channel) {
        long sum = 0;
        for (int i = channel; i < image.data().length; i += 3) {
            sum += image.data()[i] & 0xff;
        }
        return 3.0 * sum / image.data().length;
    }

    @Test
    void pictures_areReadReducedWithoutWarnings() throws IOException {
        try (var files = Files.walk(DATA)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (ImageType.ofFileName(file.toString()).isEmpty()) {
                    continue;
                }
                Decoded decoded = ImageReader.of().shortSide(64).decode(file);
                int small = Math.min(decoded.header().width(), decoded.header().height());
                assertThat(decoded.image().shortSide()).as("%s", file).isGreaterThanOrEqualTo(Math.min(64, small));
                assertThat(decoded.warnings())
                        .as("%s", file)
                        .allMatch(w -> w.toLowerCase(Locale.ROOT).contains("not by its name"));
            }
        }
    }
}
