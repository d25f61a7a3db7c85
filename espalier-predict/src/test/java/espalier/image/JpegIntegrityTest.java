package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegIntegrityTest {
    /** Noise and edges over the full range of brightness, so that every kind of code occurs. */
    private static BufferedImage picture(int seed, int width, int height, int type) {
        var image = new BufferedImage(width, height, type);
        var random = new Random(seed);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int wave = (int) (127 + 127 * Math.sin(x / 9.0 + seed) * Math.cos(y / 13.0));
                int noise = (x + y) % 40 < 20 ? random.nextInt(60) : 0;
                int level = Math.min(255, wave + noise);
                image.setRGB(x, y, level << 16 | (255 - level) << 8 | (x * 255 / width));
            }
        }
        return image;
    }

    private static byte[] javaJpeg(BufferedImage image, float quality, boolean progressive) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var options = writer.getDefaultWriteParam();
        options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        options.setCompressionQuality(quality);
        options.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        var bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), options);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** A JPEG by OpenCV with {@code options}, its keys and values in pairs. */
    private static byte[] nativeJpeg(int seed, int width, int height, int... options) {
        byte[] bgr = new byte[3 * width * height];
        var image = picture(seed, width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int color = image.getRGB(i % width, i / width);
            bgr[3 * i] = (byte) color;
            bgr[3 * i + 1] = (byte) (color >> 8);
            bgr[3 * i + 2] = (byte) (color >> 16);
        }
        return OpenCv.encode(width, height, bgr, ".jpg", options);
    }

    @ParameterizedTest
    @CsvSource({"0.1, false", "0.75, false", "1, false", "0.1, true", "0.75, true", "1, true"})
    void soundFilesOfJava_passAtEverySize(float quality, boolean progressive) throws IOException {
        for (int side : new int[] {1, 7, 8, 17, 64, 100}) {
            for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
                byte[] jpeg = javaJpeg(picture(side, side, 2 * side + 1, type), quality, progressive);
                assertThat(JpegIntegrity.damage(jpeg)).as("side %d", side).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x411111, 0x211111, 0x221111, 0x111111, 0x121111})
    void soundFilesOfLibjpeg_passWithAllSamplings_restarts_andProgressive(int sampling) {
        for (int progressive = 0; progressive < 2; progressive++) {
            for (int restart : new int[] {0, 1, 7}) {
                byte[] jpeg = nativeJpeg(
                        restart,
                        123,
                        77,
                        opencv_imgcodecs.IMWRITE_JPEG_QUALITY,
                        80 + restart,
                        opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE,
                        progressive,
                        opencv_imgcodecs.IMWRITE_JPEG_OPTIMIZE,
                        progressive,
                        opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL,
                        restart,
                        opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR,
                        sampling);
                assertThat(JpegIntegrity.damage(jpeg))
                        .as("progressive %d, restart %d", progressive, restart)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 65", "true, 85"})
    void damageInTheMiddle_isMostlySeen(boolean progressive, int least) throws IOException {
        var random = new Random(5);
        int seen = 0;
        for (int i = 0; i < 100; i++) {
            byte[] jpeg = javaJpeg(picture(i, 160, 120, BufferedImage.TYPE_INT_RGB), 0.8f, progressive);
            int at = jpeg.length / 3 + random.nextInt(jpeg.length / 3);
            for (int j = at; j < at + 40; j++) {
                jpeg[j] = (byte) random.nextInt(255); // no 255, which could make it look truncated
            }
            seen += JpegIntegrity.damage(jpeg).isPresent() ? 1 : 0;
        }
        assertThat(seen).isGreaterThanOrEqualTo(least);
    }

    @Test
    void missingRestart_cutAndStretchedData_areTold() throws IOException {
        byte[] restarts = nativeJpeg(1, 96, 96, opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 2);
        int marker = 0;
        while (restarts[marker] != -1 || restarts[marker + 1] != (byte) 0xd1) {
            marker++;
        }
        restarts[marker + 1] = (byte) 0xd4;
        assertThat(JpegIntegrity.damage(restarts))
                .hasValueSatisfying(
                        text -> assertThat(text).matches("a restart marker is missing, after \\d+ % of it"));

        byte[] jpeg = javaJpeg(picture(2, 96, 96, BufferedImage.TYPE_INT_RGB), 0.8f, false);
        byte[] cut = Arrays.copyOf(jpeg, jpeg.length - 200);
        assertThat(JpegIntegrity.damage(cut)).as("truncated is another fault").isEmpty();
        cut[cut.length - 2] = (byte) 0xff;
        cut[cut.length - 1] = (byte) 0xd9;
        assertThat(JpegIntegrity.damage(cut).orElse("")).startsWith("coded data that end too early");
        byte[] more = Arrays.copyOf(jpeg, jpeg.length + 40);
        System.arraycopy(jpeg, jpeg.length / 2, more, jpeg.length / 2 + 40, jpeg.length - jpeg.length / 2);
        assertThat(JpegIntegrity.damage(more)).isPresent();
    }

    @Test
    void anyBytes_giveAnAnswer() throws IOException {
        var random = new Random(9);
        byte[] jpeg = javaJpeg(picture(2, 64, 64, BufferedImage.TYPE_INT_RGB), 0.8f, true);
        for (int i = 0; i < 3000; i++) {
            byte[] junk = jpeg.clone();
            for (int j = 0; j < 1 + i % 20; j++) {
                junk[2 + random.nextInt(junk.length - 2)] = (byte) random.nextInt(256);
            }
            assertThat(JpegIntegrity.damage(junk)).isNotNull();
        }
        assertThat(JpegIntegrity.damage(new byte[0])).isEmpty();
        assertThat(JpegIntegrity.damage(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})).isEmpty();
    }

    @Test
    @Tag("real")
    void realPhotographs_areNotBlamed() throws IOException {
        String set = System.getProperty("espalier.shared", "");
        Path shared = Path.of(set.isBlank() ? "../../shared" : set).resolve("data");
        int count = 0;
        try (var walk = Files.walk(shared)) {
            for (Path file : walk.filter(path -> path.toString().matches("(?i).*\\.jpe?g"))
                    .sorted()
                    .toList()) {
                assertThat(JpegIntegrity.damage(Files.readAllBytes(file)))
                        .as(file.toString())
                        .isEmpty();
                count++;
            }
        }
        assertThat(count).isGreaterThan(1000);
    }
}
