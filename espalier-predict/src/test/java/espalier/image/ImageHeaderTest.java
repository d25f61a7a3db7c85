package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.plain.Pictures;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageHeaderTest {
    private static final ImageReader READER = ImageReader.of();

    @ParameterizedTest
    @CsvSource({
        "baseline.jpg, JPEG, 8, 3, 1",
        "progressive.jpg, JPEG, 8, 3, 1",
        "gray.jpg, JPEG, 8, 1, 1",
        "cmyk.jpg, JPEG, 8, 4, 1",
        "animated.png, PNG, 8, 3, 3",
        "lossy.webp, WEBP, 8, 3, 1",
        "lossless.webp, WEBP, 8, 3, 1",
        "alpha_lossless.webp, WEBP, 8, 4, 1",
        "alpha_lossy.webp, WEBP, 8, 4, 1",
        "animated.webp, WEBP, 8, 3, 2",
        "animated.gif, GIF, 8, 1, 2",
        "interlaced.gif, GIF, 8, 1, 1",
        "rgb.bmp, BMP, 8, 3, 1",
    })
    void of_tellsWhatTheFileSays(String name, ImageType type, int depth, int channels, int frames) {
        assertThat(ImageHeader.of(Pictures.golden(name)))
                .isEqualTo(new ImageHeader(type, 24, 16, depth, channels, frames, 1));
    }

    @Test
    void read_sizeBehindLargeMetadata_isFound(@TempDir Path folder) throws IOException {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(30, 20), 90);
        for (int i = 0; i < 100; i++) {
            jpeg = Pictures.withSegment(jpeg, 0xe2, new byte[65_000]);
        }
        Path file =
                Files.write(folder.resolve("a.jpg"), Pictures.withExif(jpeg, Pictures.exif(5, ByteOrder.BIG_ENDIAN)));
        assertThat(ImageHeader.read(file)).isEqualTo(new ImageHeader(ImageType.JPEG, 30, 20, 8, 3, 1, 5));
        assertThat(READER.read(file)).hasToString("Image 20x30");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void D09_orientation_givesTheSameUprightPicture(int orientation) {
        Image upright = Pictures.smooth(24, 16);
        Image stored = stored(upright, orientation);
        byte[] png = ImageWriter.png(stored);
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            byte[] exif = Pictures.exif(orientation, order);
            byte[] pngWithExif = insert(png, 33, Pictures.chunk("eXIf", exif));
            assertThat(READER.read(pngWithExif)).isEqualTo(upright);
            byte[] jpeg = Pictures.withExif(ImageWriter.jpeg(stored, 100), exif);
            assertThat(Pictures.meanDifference(READER.read(jpeg), upright)).isLessThan(2);
            byte[] webp = lossless(stored);
            byte[] extended = Pictures.webpWithExif(webp, stored.width(), stored.height(), exif);
            assertThat(READER.read(extended)).isEqualTo(upright);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 65535})
    void D09_orientationOutOfRange_isUpright(int orientation) {
        byte[] jpeg = ImageWriter.jpeg(Pictures.smooth(24, 16), 90);
        byte[] odd = Pictures.withExif(jpeg, Pictures.exif(orientation, ByteOrder.BIG_ENDIAN));
        assertThat(READER.read(odd)).isEqualTo(READER.read(jpeg));
    }

    /** What a camera stores for an upright picture: by EXIF's words, the visual side of its first row and column. */
    private static Image stored(Image upright, int orientation) {
        boolean sideways = orientation >= 5;
        int width = sideways ? upright.height() : upright.width();
        int height = sideways ? upright.width() : upright.height();
        byte[] data = new byte[upright.data().length];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                int x = List.of(
                                column,
                                width - 1 - column,
                                width - 1 - column,
                                column,
                                row,
                                height - 1 - row,
                                height - 1 - row,
                                row)
                        .get(orientation - 1);
                int y = List.of(
                                row,
                                row,
                                height - 1 - row,
                                height - 1 - row,
                                column,
                                column,
                                width - 1 - column,
                                width - 1 - column)
                        .get(orientation - 1);
                for (int c = 0; c < 3; c++) {
                    data[3 * (row * width + column) + c] = (byte) upright.level(x, y, c);
                }
            }
        }
        return Image.of(width, height, data);
    }

    private static byte[] insert(byte[] bytes, int at, byte[] part) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(Arrays.copyOf(bytes, at));
        parts.add(part);
        parts.add(Arrays.copyOfRange(bytes, at, bytes.length));
        return Pictures.concat(parts.toArray(byte[][]::new));
    }

    private static byte[] lossless(Image image) {
        byte[] bgr = image.data().clone();
        for (int i = 0; i < bgr.length; i += 3) {
            byte red = bgr[i];
            bgr[i] = bgr[i + 2];
            bgr[i + 2] = red;
        }
        int quality = opencv_imgcodecs.IMWRITE_WEBP_QUALITY;
        return OpenCv.encode(image.width(), image.height(), bgr, ".webp", quality, 101);
    }
}
