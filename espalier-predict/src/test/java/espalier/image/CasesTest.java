package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.report.DataException;
import espalier.testing.plain.Pictures;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that people really had trouble with, against what Pillow reads of them. */
@Tag("real")
class CasesTest {
    private static Path file(String name) {
        return Path.of(System.getProperty("espalier.shared"), "cases", name);
    }

    /** The name without its ending, the ending, and by how many levels the mean may differ from the picture before it was packed. */
    @ParameterizedTest
    @CsvSource({
        "bmp-rle8-width-101, bmp, 1",
        "jpeg-bytes-between-segments, jpg, 7",
        "jpeg-xmp-orientation-6, jpg, 7",
        "png-without-iend, png, 0",
        "tiff-rgb-lzw, tif, 0"
    })
    void picture_isReadAsPillowReadsIt(String name, String ending, double levels) {
        Image image = ImageReader.of().read(file(name + "." + ending));
        Image expected = ImageReader.of().read(file(name + ".expected.png"));
        assertThat(image).hasToString(expected.toString());
        assertThat(Pictures.meanDifference(image, expected)).isCloseTo(0, within(levels + 1e-9));
    }

    @Test
    void jpegWithAMarkerInItsScan_isReadToTheEndOrRefused() {
        Image expected = ImageReader.of().read(file("jpeg-marker-in-scan.expected.png"));
        Decoded decoded;
        try {
            decoded = ImageReader.of().decode(file("jpeg-marker-in-scan.jpg"));
        } catch (DataException refused) {
            assertThat(refused.reason()).contains("JPEG");
            return;
        }
        assertThat(Pictures.meanDifference(decoded.image(), expected)).isLessThan(7);
        assertThat(decoded.warnings()).isNotEmpty();
    }

    /** The mean of each channel in what Pillow reads, over white where the file is transparent. */
    @ParameterizedTest
    @CsvSource({
        "bmp-565-v3-header.bmp, 6, 6, 85, 85, 85",
        "gif-frame-beyond-screen.gif, 16, 16, 147.68, 255, 155.25",
        "tiff-grey-16.tif, 90, 60, 126.05, 126.05, 126.05"
    })
    void picture_hasPillowsMeans(String name, int width, int height, double red, double green, double blue) {
        Image image = ImageReader.of().read(file(name));
        assertThat(image).hasToString("Image " + width + "x" + height);
        double[] means = {red, green, blue};
        for (int c = 0; c < 3; c++) {
            long sum = 0;
            for (int i = c; i < image.data().length; i += 3) {
                sum += image.data()[i] & 0xff;
            }
            assertThat(3.0 * sum / image.data().length).as("channel %d", c).isCloseTo(means[c], within(0.6));
        }
    }
}
