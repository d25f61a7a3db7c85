package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import espalier.report.DataException;
import espalier.testing.plain.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReaderTest {
    private static final ImageReader READER = ImageReader.of();

    static String reason(byte[] bytes) {
        return catchThrowableOfType(DataException.class, () -> READER.read(bytes))
                .reason();
    }

    private static String reason(Path file) {
        return catchThrowableOfType(DataException.class, () -> READER.read(file))
                .reason();
    }

    private static Path file(Path folder, String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] cut(byte[] bytes, int percent) {
        return Arrays.copyOf(bytes, bytes.length * percent / 100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"baseline.jpg", "progressive.jpg", "gray.jpg", "restarts.jpg", "chroma420.jpg", "lossy.webp"})
    void read_lossyFile_isNearPillow(String name) {
        Image image = READER.read(Pictures.golden(name));
        Image expected = Pictures.goldenPixels(name);
        assertThat(image).hasToString(expected.toString());
        assertThat(Pictures.maxDifference(image, expected)).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossless.webp", "interlaced.gif", "noisy.gif", "rgb.bmp", "palette.bmp"})
    void read_losslessFile_equalsPillow(String name) {
        assertThat(Pictures.crc(READER.read(Pictures.golden(name)))).isEqualTo(Pictures.goldenCrc(name));
    }

    @ParameterizedTest
    @CsvSource({"alpha_lossless.webp, 1", "alpha_lossy.webp, 3"})
    void read_webpWithAlpha_isOverWhite(String name, int tolerance) {
        Image image = READER.read(Pictures.golden(name));
        assertThat(Pictures.maxDifference(image, Pictures.goldenPixels(name))).isLessThanOrEqualTo(tolerance);
    }

    @Test
    void read_missingFile_namesItAndAdvises(@TempDir Path folder) {
        Path missing = folder.resolve("gone.jpg");
        assertThatThrownBy(() -> READER.read(missing))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("cannot read " + missing + ": no such file. Maybe ");
        assertThat(reason(missing)).isEqualTo("no such file");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 50, 99})
    void D01_truncatedJpeg_isRejected(int percent) {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(320, 240), 90);
        assertThat(reason(cut(jpeg, percent))).isEqualTo("truncated JPEG");
        byte[] progressive = Pictures.golden("progressive.jpg");
        assertThat(reason(cut(progressive, percent))).isEqualTo("truncated JPEG");
        // The same for a loader that decodes at reduced size only.
        assertThatThrownBy(() -> READER.shortSide(30).read(cut(jpeg, percent))).hasMessageContaining("truncated JPEG");
    }

    @Test
    void D01_truncatedJpeg_paddedWithZeros_isRejected() {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(64, 64), 90);
        assertThat(reason(Arrays.copyOf(cut(jpeg, 60), jpeg.length))).isEqualTo("truncated JPEG");
    }

    @Test
    void D01_truncatedJpeg_withAWholeThumbnail_isRejected() {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(64, 64), 90);
        byte[] thumbnail = ImageWriter.jpeg(Pictures.synthetic(8, 8), 50);
        assertThat(reason(cut(Pictures.withSegment(jpeg, 0xe1, thumbnail), 95))).isEqualTo("truncated JPEG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"animated.png", "noisy.gif", "lossless.webp", "rgb.bmp"})
    void D01_truncatedFileOfAnotherFormat_isRejected(String name) {
        byte[] bytes = Pictures.golden(name);
        ImageType type = ImageHeader.of(bytes).type();
        boolean animated = name.startsWith("animated"); // its first frame, all that is read, ends at 40 %
        for (int percent : animated ? new int[] {20, 30, 38} : new int[] {40, 70, 99}) {
            if (percent < 80 || type != ImageType.GIF) {
                assertThat(reason(cut(bytes, percent))).as("%d %%", percent).isEqualTo("truncated " + type.label());
            }
        }
    }

    @Test
    void D01_pngThatEndsAfterItsPicture_isReadWithAWarning() {
        byte[] png = ImageWriter.png(Pictures.smooth(40, 30));
        Decoded decoded = READER.decode(Arrays.copyOf(png, png.length - 12)); // without IEND
        assertThat(decoded.image()).isEqualTo(Pictures.smooth(40, 30));
        assertThat(decoded.warnings()).singleElement().asString().contains("end");
        byte[] animated = Pictures.golden("animated.png");
        assertThat(READER.decode(cut(animated, 80)).image()).isEqualTo(READER.read(animated));
        assertThat(READER.decode(cut(animated, 80)).warnings()).isNotEmpty();
    }

    @Test
    void D01_truncated_whenAllowed_isGreyAndWarned() {
        Image original = Pictures.smooth(320, 240);
        var tolerant = READER.allowTruncated();
        for (byte[] bytes : List.of(ImageWriter.jpeg(original, 90), ImageWriter.png(original))) {
            Decoded decoded = tolerant.decode(cut(bytes, 50));
            assertThat(decoded.image()).hasToString("Image 320x240");
            assertThat(decoded.warnings()).singleElement().asString().contains("truncated");
            Image top = decoded.image().crop(0, 0, 320, 40);
            assertThat(Pictures.meanDifference(top, original.crop(0, 0, 320, 40)))
                    .isLessThan(2);
            for (int c = 0; c < 3; c++) {
                // a JPEG's missing chroma may take a last value over; its luma is grey
                assertThat(decoded.image().level(319, 239, c)).isBetween(60, 200);
            }
            assertThat(tolerant.decode(bytes).warnings()).isEmpty();
        }
    }

    @Test
    void D02_emptyFile_isRejected(@TempDir Path folder) throws IOException {
        assertThat(reason(file(folder, "a.jpg", new byte[0]))).isEqualTo("empty file");
    }

    @Test
    void D03_htmlErrorPage_isRejected() {
        String page = "\ufeff\n<!DOCTYPE html><html><head><title>404</title></head></html>";
        assertThat(reason(page.getBytes(StandardCharsets.UTF_8))).isEqualTo("not an image: text/html");
        assertThat(reason("{\"error\": 404}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("not an image: application/json");
        assertThat(reason("Not found".getBytes(StandardCharsets.UTF_8))).isEqualTo("not an image: text/plain");
        assertThat(reason(new byte[] {1, 2, 3, (byte) 0x80})).isEqualTo("not an image: unknown bytes");
    }

    @Test
    void D04_wrongExtension_isReadAndWarned(@TempDir Path folder) throws IOException {
        Image image = Pictures.synthetic(20, 20);
        Path png = file(folder, "photo.jpg", ImageWriter.png(image));
        assertThat(READER.decode(png).image()).isEqualTo(image);
        assertThat(READER.decode(png).warnings()).containsExactly("a PNG by its content, not by its name");
        Path webp = file(folder, "photo.png", Pictures.golden("lossless.webp"));
        assertThat(READER.decode(webp).warnings()).containsExactly("a WebP by its content, not by its name");
        Path right = file(folder, "photo.PNG", ImageWriter.png(image));
        assertThat(READER.decode(right).warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cmyk.jpg", "ycck.jpg"})
    void D05_cmykJpeg_hasItsColours(String name) {
        byte[] bytes = Pictures.golden(name);
        assertThat(ImageHeader.of(bytes).channels()).isEqualTo(4);
        Image image = READER.read(bytes);
        assertThat(Pictures.meanDifference(image, Pictures.goldenPixels(name))).isLessThan(1.5);
        // and the file's picture is the one that the plain JPEG shows: not inverted
        assertThat(Pictures.meanDifference(image, Pictures.goldenPixels("baseline.jpg")))
                .isLessThan(4);
    }

    @Test
    void D08_animation_givesTheFirstFrameAndAWarning() {
        for (String name : List.of("animated.webp", "animated.png", "animated.gif")) {
            Decoded decoded = READER.decode(Pictures.golden(name));
            assertThat(Pictures.crc(decoded.image())).as(name).isEqualTo(Pictures.goldenCrc(name));
            assertThat(decoded.warnings()).as(name).containsExactly("animated, only the first frame is used");
            assertThat(decoded.header().frames()).as(name).isEqualTo(name.endsWith("png") ? 3 : 2);
        }
    }

    @Test
    void D17_notARegularFile_isRejectedWithoutHanging(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("x.jpg");
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        assertThat(reason(fifo)).isEqualTo("not a regular file");
        assertThat(reason(Path.of("/dev/zero"))).isEqualTo("not a regular file");
        assertThat(reason(folder)).isEqualTo("a directory");
    }

    @Test
    void D21_accessDenied_isRejectedWithItsCause() {
        // Tests may run as root, whom no permission stops; so the mapping is tested by itself.
        var denied = Unreadable.rejected("a.jpg", new AccessDeniedException("a.jpg"));
        assertThat(denied.reason()).isEqualTo("permission denied (EACCES)");
        assertThat(denied).hasMessageStartingWith("cannot read a.jpg: permission denied (EACCES). Maybe ");
    }

    @Test
    void D28_fileThatVanishes_isRejectedAtUse(@TempDir Path folder) throws IOException {
        Path file = file(folder, "a.png", ImageWriter.png(Pictures.synthetic(8, 8)));
        assertThat(READER.read(file)).hasToString("Image 8x8");
        Files.delete(file);
        assertThat(reason(file)).isEqualTo("no such file");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 10000", "10000, 1", "3, 2"})
    void D31_extremeSizes_areRead(int width, int height) {
        Image image = Pictures.synthetic(width, height);
        assertThat(READER.read(ImageWriter.png(image))).isEqualTo(image);
        assertThat(READER.shortSide(224).read(ImageWriter.jpeg(image, 95))).hasToString(image.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, 800x600", "700, 800x600", "301, 800x600", "300, 400x300", "150, 200x150", "75, 100x75", "1, 100x75"
    })
    void shortSide_decodesNoSmallerThanAsked(int shortSide, String size) {
        byte[] jpeg = ImageWriter.jpeg(Pictures.smooth(800, 600), 95);
        Image image = READER.shortSide(shortSide).read(jpeg);
        assertThat(image).hasToString("Image " + size);
        Image expected = Resample.of(image.width(), image.height()).apply(Pictures.smooth(800, 600));
        assertThat(Pictures.meanDifference(image, expected)).isLessThan(2.5);
    }

    @Test
    void read_fromManyThreads_givesTheSamePixels() throws Exception {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(200, 150), 90);
        Image expected = READER.read(jpeg);
        var pool = Executors.newFixedThreadPool(4);
        try {
            Callable<Image> task = () -> READER.read(jpeg);
            for (var result : pool.invokeAll(Collections.nCopies(64, task))) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void webpThatDoesNotEndWhereItSays_isToldOf() {
        byte[] whole = Pictures.golden("lossless.webp");
        assertThat(ImageReader.of().decode(whole).warnings()).isEmpty();
        byte[] longer = whole.clone();
        longer[4] += 40;
        byte[] shorter = whole.clone();
        shorter[4] -= 12;
        for (byte[] file : List.of(longer, shorter)) {
            assertThat(ImageReader.of().decode(file).warnings())
                    .containsExactly("a WebP that does not end where it says");
        }
    }
}
