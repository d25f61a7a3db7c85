package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.plain.Pictures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TiffReadingTest {
    private static final ImageReader READER = ImageReader.of();
    private static final int ROWS_PER_STRIP = 278;
    private static final int DEFLATE = 8;

    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    /** A TIFF of one strip, as small writers make; {@code tags} come on top of the usual ones, or instead. */
    private byte[] tiff(int width, int height, int samples, byte[] strip, Map<Integer, Integer> tags) {
        var all = new TreeMap<Integer, Integer>(Map.of(
                256,
                width,
                257,
                height,
                258,
                8,
                259,
                1,
                262,
                samples < 3 ? 1 : 2,
                273,
                8,
                277,
                samples,
                278,
                height,
                279,
                strip.length,
                284,
                1));
        all.putAll(tags);
        int at = 8 + strip.length + strip.length % 2;
        var file = ByteBuffer.allocate(at + 6 + 12 * all.size()).order(order);
        file.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(at)
                .put(strip)
                .position(at);
        file.putShort((short) all.size());
        all.forEach((tag, value) -> {
            boolean word = tag == 273 || tag == ROWS_PER_STRIP || tag == 279;
            file.putShort(tag.shortValue()).putShort((short) (word ? 4 : 3)).putInt(1);
            if (word) {
                file.putInt(value);
            } else {
                file.putShort(value.shortValue()).putShort((short) 0);
            }
        });
        return file.array();
    }

    private static byte[] bytes(int... levels) {
        byte[] bytes = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            bytes[i] = (byte) levels[i];
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fourthSampleOfUnsaidMeaning_isAlpha(boolean big) {
        order = big ? ByteOrder.BIG_ENDIAN : order;
        byte[] pixels = bytes(10, 20, 30, 255, 0, 0, 0, 0, 0, 100, 200, 51);
        Image image = READER.read(tiff(3, 1, 4, pixels, Map.of()));
        assertThat(image.data()).isEqualTo(bytes(10, 20, 30, 255, 255, 255, 204, 224, 244));
        Image told = READER.read(tiff(3, 1, 4, pixels, Map.of(338, 0)));
        assertThat(told.data()).isEqualTo(bytes(10, 20, 30, 0, 0, 0, 0, 100, 200));
    }

    /** Values of LittleCMS, by Pillow, which reads them from a coarse table. */
    @ParameterizedTest
    @CsvSource({
        "255, 0, 0, 254, 255, 254",
        "199, 25, 37, 250, 174, 125",
        "12, 0, 255, 15, 16, 17",
        "112, 42, 31, 172, 70, 55",
        "114, 4, 212, 61, 106, 180"
    })
    void lab_becomesRgbUnderItsOwnWhite(int lightness, int a, int b, int red, int green, int blue) {
        for (ByteOrder either : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            order = either;
            Image image = READER.read(tiff(1, 1, 3, bytes(lightness, a, b), Map.of(262, 8)));
            assertThat(Pictures.maxDifference(image, Image.of(1, 1, bytes(red, green, blue))))
                    .isLessThanOrEqualTo(6);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, strips without rows", "2, '1 strips or tiles, where its size needs 2'", "9, ''"})
    void stripsThatDoNotFitThePicture_areRefused(int rows, String reason) {
        byte[] tiff = tiff(2, 4, 1, new byte[8], Map.of(ROWS_PER_STRIP, rows));
        if (reason.isEmpty()) {
            assertThat(READER.read(tiff)).hasToString("Image 2x4");
        } else {
            assertThat(ImageReaderTest.reason(tiff)).isEqualTo("damaged TIFF: " + reason);
        }
    }

    @Test
    void unpackedStripThatEndsOutsideTheFile_isTruncated() {
        byte[] tiff = tiff(20, 20, 3, new byte[900], Map.of(279, 1200));
        assertThat(ImageReaderTest.reason(tiff)).isEqualTo("truncated TIFF");
    }

    @Test
    void deflatedStripWithAFlippedBit_isDamaged() {
        byte[] packed = Pictures.deflate(Pictures.synthetic(16, 16).data());
        var tags = Map.of(259, DEFLATE);
        assertThat(READER.read(tiff(16, 16, 3, packed, tags))).isEqualTo(Pictures.synthetic(16, 16));
        packed[packed.length - 1] ^= 1;
        assertThat(ImageReaderTest.reason(tiff(16, 16, 3, packed, tags))).startsWith("damaged TIFF: packed data");
        byte[] half = Pictures.deflate(Pictures.synthetic(16, 8).data());
        assertThat(ImageReaderTest.reason(tiff(16, 16, 3, half, tags))).contains("holds less than its rows");
    }

    /** Scanners number a JPEG's colours from 0, which its reader takes for red, green and blue. */
    @Test
    void jpegStripWithColoursNumberedFromZero_isYcbcr() {
        byte[] jpeg = ImageWriter.jpeg(Pictures.smooth(32, 32), 95);
        Image expected = READER.read(jpeg);
        int app0 = (jpeg[4] & 0xff) << 8 | (jpeg[5] & 0xff);
        byte[] bare = Pictures.concat(bytes(0xff, 0xd8), Arrays.copyOfRange(jpeg, 4 + app0, jpeg.length));
        for (int i = 2; i + 12 < bare.length; i++) {
            boolean frame = bare[i] == (byte) 0xff && bare[i + 1] == (byte) 0xc0;
            boolean scan = bare[i] == (byte) 0xff && bare[i + 1] == (byte) 0xda;
            for (int c = 0; c < 3 && (frame || scan); c++) {
                bare[i + (scan ? 5 + 2 * c : 10 + 3 * c)] = (byte) c;
            }
        }
        Image image = READER.read(tiff(32, 32, 3, bare, Map.of(259, 7, 262, 6)));
        assertThat(Pictures.meanDifference(image, expected)).isLessThan(3);
    }

    /** Codes of nine bits: clear, 10, 20, what they make, end. */
    @ParameterizedTest
    @CsvSource({"258, 257, ''", "300, 257, LZW data", "258, 256, ''", "257, 257, LZW data that hold less"})
    void lzwThatIsDamaged_isToldOf(int third, int last, String warning) {
        long codes = 0;
        for (int code : new int[] {256, 10, 20, third, last}) {
            codes = codes << 9 | code;
        }
        byte[] strip = java.nio.ByteBuffer.allocate(8).putLong(codes << 19).array();
        java.util.List<String> told;
        try {
            told = READER.decode(tiff(4, 1, 1, strip, Map.of(259, 5))).warnings();
        } catch (espalier.report.DataException refused) {
            assertThat(warning).isNotEmpty();
            return;
        }
        assertThat(told.toString()).contains(warning.isEmpty() ? "[]" : warning);
    }

    /** A packet of XMP behind the pixels, as Adobe's programs write it; the directory's own orientation comes first. */
    @ParameterizedTest
    @CsvSource({"0, 3x2", "1, 2x3"})
    void orientationInXmp_turnsThePicture(int own, String size) {
        byte[] packet = "<rdf:Description tiff:Orientation=\"6\"/>".getBytes(StandardCharsets.US_ASCII);
        byte[] strip = Arrays.copyOf(new byte[6], 6 + packet.length);
        System.arraycopy(packet, 0, strip, 6, packet.length);
        var tags = new TreeMap<Integer, Integer>(Map.of(279, 6, 700, 0));
        if (own > 0) {
            tags.put(274, own);
        }
        byte[] tiff = tiff(2, 3, 1, strip, tags);
        var file = ByteBuffer.wrap(tiff).order(order);
        for (int at = file.getInt(4) + 2; at + 12 <= tiff.length; at += 12) {
            if (file.getShort(at) == 700) {
                file.putShort(at + 2, (short) 7).putInt(at + 4, packet.length).putInt(at + 8, 8 + 6);
            }
        }
        assertThat(READER.read(tiff)).hasToString("Image " + size);
    }
}
