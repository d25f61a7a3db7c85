package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.plain.Pictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngReadingTest {
    private static final ImageReader READER = ImageReader.of();

    /** Random rows with random filters: every byte is a legal one. */
    private static byte[] rows(int width, int height, int bitsPerPixel, Random random) {
        int rowBytes = (width * bitsPerPixel + 7) / 8;
        byte[] rows = new byte[height * (1 + rowBytes)];
        random.nextBytes(rows);
        for (int y = 0; y < height; y++) {
            rows[y * (1 + rowBytes)] = (byte) random.nextInt(5);
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({
        "8, 2, 3",
        "8, 0, 1",
        "8, 6, 4",
        "8, 4, 2",
        "16, 2, 3",
        "1, 0, 1",
        "2, 0, 1",
        "4, 0, 1",
        "4, 3, 1",
        "8, 3, 1"
    })
    void read_everyFilterAndDepth_equalsTheJdk(int depth, int colourType, int channels) throws IOException {
        var random = new Random(depth * 10 + colourType);
        byte[] palette = new byte[3 << (colourType == 3 ? depth : 0)];
        random.nextBytes(palette);
        for (int[] size : new int[][] {{1, 1}, {7, 5}, {33, 20}}) {
            byte[] rows = rows(size[0], size[1], depth * channels, random);
            byte[] png = colourType == 3
                    ? Pictures.png(size[0], size[1], depth, colourType, rows, Pictures.chunk("PLTE", palette))
                    : Pictures.png(size[0], size[1], depth, colourType, rows);
            Image image = READER.read(png);
            BufferedImage expected = ImageIO.read(new ByteArrayInputStream(png));
            var raster = expected.getRaster();
            if (colourType == 0 && depth == 8) {
                // the JDK converts grey by a gamma: compare its raw samples
                for (int y = 0; y < size[1]; y++) {
                    for (int x = 0; x < size[0]; x++) {
                        assertThat(image.level(x, y, 2)).isEqualTo(raster.getSample(x, y, 0));
                    }
                }
            } else if (colourType != 4) {
                assertThat(Pictures.maxDifference(image, Image.from(expected))).isLessThanOrEqualTo(1);
            } else {
                for (int y = 0; y < size[1]; y++) {
                    for (int x = 0; x < size[0]; x++) {
                        byte over = Image.overWhite(raster.getSample(x, y, 0), raster.getSample(x, y, 1));
                        assertThat(image.level(x, y, 1)).isEqualTo(over & 0xff);
                    }
                }
            }
        }
    }

    @Test
    void D06_sixteenBitGrey_isScaledByFullRange() {
        var rows = ByteBuffer.allocate(256 * (1 + 512));
        for (int y = 0; y < 256; y++) {
            rows.put((byte) 0);
            for (int x = 0; x < 256; x++) {
                rows.putShort((short) (y * 256 + x));
            }
        }
        Image image = READER.read(Pictures.png(256, 256, 16, 0, rows.array()));
        int[] histogram = new int[256];
        for (int i = 0; i < image.data().length; i += 3) {
            histogram[image.data()[i] & 0xff]++;
        }
        assertThat(histogram[0]).isEqualTo(129); // half a bin at each end: rounding to nearest
        assertThat(histogram[255]).isEqualTo(129);
        for (int level = 1; level < 255; level++) {
            assertThat(histogram[level]).isEqualTo(257);
        }
    }

    @Test
    void D07_palette_withAndWithoutTransparency() {
        byte[] palette = {10, 20, 30, (byte) 200, 100, 50};
        byte[] rows = {0, 0b0100_0000};
        Image opaque = READER.read(Pictures.png(2, 1, 1, 3, rows, Pictures.chunk("PLTE", palette)));
        assertThat(opaque.data()).containsExactly(10, 20, 30, 200, 100, 50);
        byte[] alpha = {0, (byte) 128};
        Image over = READER.read(
                Pictures.png(2, 1, 1, 3, rows, Pictures.chunk("PLTE", palette), Pictures.chunk("tRNS", alpha)));
        assertThat(over.data()).containsExactly(255, 255, 255, 227, 177, 152);
    }

    @Test
    void D07_oneBitGreyAndKeyColours() {
        byte[] rows = {0, 0b0100_0000};
        assertThat(READER.read(Pictures.png(2, 1, 1, 0, rows)).data()).containsExactly(0, 0, 0, 255, 255, 255);
        byte[] blackIsClear = {0, 0};
        assertThat(READER.read(Pictures.png(2, 1, 1, 0, rows, Pictures.chunk("tRNS", blackIsClear)))
                        .data())
                .containsOnly(255);
        byte[] colours = {0, 1, 2, 3, 4, 5, 6};
        byte[] key = {0, 4, 0, 5, 0, 6};
        assertThat(READER.read(Pictures.png(2, 1, 8, 2, colours, Pictures.chunk("tRNS", key)))
                        .data())
                .containsExactly(1, 2, 3, 255, 255, 255);
    }

    @Test
    void D07_greyWithAlpha_isOverWhite() {
        byte[] rows = {0, 100, (byte) 255, 100, 0, 100, 51};
        assertThat(READER.read(Pictures.png(3, 1, 8, 4, rows)).data())
                .containsExactly(100, 100, 100, 255, 255, 255, 224, 224, 224);
    }

    @Test
    void read_interlaced_equalsPlain() {
        int[][] passes = {
            {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
        };
        for (int[] size : new int[][] {{1, 1}, {5, 3}, {19, 23}}) {
            Image image = Pictures.synthetic(size[0], size[1]);
            var rows = new ByteArrayOutputStream();
            for (int[] pass : passes) {
                for (int y = pass[1]; y < size[1] && pass[0] < size[0]; y += pass[3]) {
                    rows.write(0);
                    for (int x = pass[0]; x < size[0]; x += pass[2]) {
                        rows.write(image.data(), 3 * (y * size[0] + x), 3);
                    }
                }
            }
            assertThat(READER.read(Pictures.png(size[0], size[1], 8, 2, 1, rows.toByteArray())))
                    .isEqualTo(image);
        }
    }

    @Test
    void D14_damagedChecksum_isRejected() {
        byte[] png = ImageWriter.png(Pictures.synthetic(40, 40));
        png[png.length / 2] ^= 1;
        assertThat(ImageReaderTest.reason(png)).startsWith("damaged PNG: wrong checksum at byte ");
    }

    @Test
    void chunkBesideThePicture_thatIsDamaged_isToldOf() {
        byte[] rows = {0, 1, 2, 3, 0, 4, 5, 6};
        byte[] text = Pictures.chunk("tEXt", new byte[] {'a', 0, 'b'});
        byte[] whole = Pictures.png(3, 2, 8, 0, rows, text);
        assertThat(READER.decode(whole).warnings()).isEmpty();
        text[8] = 'c';
        var damaged = READER.decode(Pictures.png(3, 2, 8, 0, rows, text));
        assertThat(damaged.warnings()).containsExactly("a PNG with a damaged chunk beside its picture, at byte 33");
        assertThat(damaged.image().data()).isEqualTo(READER.read(whole).data());
        whole[whole.length - 1] ^= 1;
        assertThat(READER.decode(whole).warnings()).containsExactly("a PNG with a damaged end");
    }
}
