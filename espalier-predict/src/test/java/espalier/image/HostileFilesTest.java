package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import espalier.testing.plain.Pictures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HostileFilesTest {
    private static final ImageReader READER = ImageReader.of();

    @Test
    void D08_frameBomb_readsOneFrameOnly() {
        byte[] gif = Pictures.golden("noisy.gif");
        int table = 13 + (3 << ((gif[10] & 7) + 1));
        byte[] frame = Arrays.copyOfRange(gif, table, gif.length - 1);
        byte[][] parts = new byte[1002][];
        Arrays.fill(parts, frame);
        parts[0] = Arrays.copyOf(gif, table);
        parts[1001] = new byte[] {0x3b};
        byte[] bomb = Pictures.concat(parts);
        long start = System.nanoTime();
        Decoded decoded = READER.decode(bomb);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(Pictures.crc(decoded.image())).isEqualTo(Pictures.goldenCrc("noisy.gif"));
    }

    @Test
    void D10_junkSegments_doNotDisturb() {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(32, 32), 90);
        Image expected = READER.read(jpeg);
        byte[] junk = new byte[65_533];
        new Random(1).nextBytes(junk);
        byte[] large = jpeg;
        for (int i = 0; i < 8; i++) {
            large = Pictures.withSegment(large, 0xe1 + i % 13, junk);
        }
        assertThat(READER.read(large)).isEqualTo(expected);
        byte[] loop = Pictures.exif(6, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer.wrap(loop).order(ByteOrder.LITTLE_ENDIAN).putInt(22, 8); // the next directory is this one
        assertThat(READER.read(Pictures.withExif(jpeg, loop))).isEqualTo(expected.orient(6));
        byte[] wild = Pictures.exif(6, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer.wrap(wild).order(ByteOrder.LITTLE_ENDIAN).putInt(4, -2);
        assertThat(READER.read(Pictures.withExif(jpeg, wild))).isEqualTo(expected);
        byte[] many = Pictures.exif(6, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer.wrap(many)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(8, (short) -1)
                .putShort(10, (short) 0x0111);
        assertThat(READER.read(Pictures.withExif(jpeg, many))).isEqualTo(expected);
    }

    @Test
    void D10_sixtyMegabytesOfMetadata_areRejectedFast(@TempDir Path folder) throws Exception {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(32, 32), 90);
        byte[] segment = new byte[65_537];
        segment[0] = (byte) 0xff;
        segment[1] = (byte) 0xe1;
        segment[2] = (byte) 0xff;
        segment[3] = (byte) 0xff;
        Path file = folder.resolve("a.jpg");
        try (var out = Files.newOutputStream(file)) {
            out.write(jpeg, 0, 2);
            for (int i = 0; i < 960; i++) {
                out.write(segment);
            }
            out.write(jpeg, 2, jpeg.length - 2);
        }
        long start = System.nanoTime();
        assertThatThrownBy(() -> READER.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("60 MB file");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void D11_headerBombs_areRejectedBeforeAllocation() {
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(64, 64), 90);
        for (int i = 0; ; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) {
                ByteBuffer.wrap(jpeg).putShort(i + 5, (short) 65_500).putShort(i + 7, (short) 65_500);
                break;
            }
        }
        assertThat(ImageReaderTest.reason(jpeg)).isEqualTo("4.3 gigapixels > 50.0 megapixels");
        byte[] png = Pictures.png(100_000, 100_000, 8, 2, new byte[1000]);
        assertThat(ImageReaderTest.reason(png)).isEqualTo("10.0 gigapixels > 50.0 megapixels");
        byte[] gif = Pictures.golden("noisy.gif");
        ByteBuffer.wrap(gif).putShort(6, (short) -1).putShort(8, (short) -1);
        assertThat(ImageReaderTest.reason(gif)).isEqualTo("4.3 gigapixels > 50.0 megapixels");
        byte[] overflow = Pictures.png(Integer.MAX_VALUE, Integer.MAX_VALUE, 16, 6, new byte[10]);
        assertThat(ImageReaderTest.reason(overflow)).contains("gigapixels > 50.0 megapixels");
    }

    @ParameterizedTest
    @CsvSource({"-16, true", "-2147483648, false", "0, false", "2147483647, false"})
    void D11_bmpHeight_isTakenAsItIs(int height, boolean readable) {
        byte[] bmp = Pictures.golden("rgb.bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(22, height);
        if (readable) {
            Image upsideDown = READER.read(Pictures.golden("rgb.bmp")).orient(4);
            assertThat(READER.read(bmp)).isEqualTo(upsideDown);
        } else {
            assertThatThrownBy(() -> READER.read(bmp)).isInstanceOf(DataException.class);
        }
    }

    @Test
    void D11_frameLargerThanItsScreen_enlargesIt() {
        byte[] gif = Pictures.golden("noisy.gif");
        ByteBuffer.wrap(gif)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(6, (short) 1)
                .putShort(8, (short) 1);
        assertThat(READER.read(gif)).isEqualTo(READER.read(Pictures.golden("noisy.gif")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zTXt", "iCCP", "iTXt"})
    void D12_compressedTextBomb_isNeverInflated(String type) {
        byte[] bomb =
                Pictures.concat("k\0\0".getBytes(StandardCharsets.US_ASCII), Pictures.deflate(new byte[60 << 20]));
        byte[] rows = {0, 1, 2, 3};
        long start = System.nanoTime();
        assertThat(READER.read(Pictures.png(1, 1, 8, 2, rows, Pictures.chunk(type, bomb)))
                        .data())
                .containsExactly(1, 2, 3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void D12_pixelDataBomb_stopsAtThePictureSize() {
        byte[] png = Pictures.png(4, 4, 8, 2, new byte[60 << 20]);
        assertThat(READER.read(png)).hasToString("Image 4x4");
    }

    @Test
    void D13_pixelLimit_decides() {
        byte[] below = ImageWriter.jpeg(Image.of(7000, 7000, new byte[147_000_000]), 50);
        assertThat(READER.shortSide(100).read(below)).hasToString("Image 875x875");
        byte[] above = Pictures.png(7142, 7142, 8, 0, new byte[7142 * 7143]);
        assertThat(ImageReaderTest.reason(above))
                .startsWith("51.0 megapixels > 50.0 megapixels; -Despalier.maxPixels=");
        System.setProperty("espalier.maxPixels", "52000000");
        try {
            assertThat(ImageReader.of().maxPixels()).isEqualTo(52_000_000);
        } finally {
            System.clearProperty("espalier.maxPixels");
        }
        assertThat(READER.maxPixels(52_000_000).read(above)).hasToString("Image 7142x7142");
        assertThatThrownBy(() -> READER.maxPixels(48_000_000).read(below)).hasMessageContaining("49.0 megapixels");
    }

    @Test
    void D14_otherKindsOfJpeg_areDecodedOrRejected() {
        Image expected = READER.read(Pictures.golden("baseline.jpg"));
        assertThat(READER.read(Pictures.golden("progressive.jpg"))).isEqualTo(expected);
        assertThat(ImageReaderTest.reason(withFrame(0xc1, 12)))
                .isEqualTo("unsupported format JPEG with 12 bits a sample");
        assertThat(ImageReaderTest.reason(withFrame(0xc3, 8))).isEqualTo("unsupported format lossless JPEG");
        assertThat(ImageReaderTest.reason(withFrame(0xc5, 8))).isEqualTo("unsupported format hierarchical JPEG");
        // An arithmetic-coded frame over Huffman data, and coded data without their restart markers: either a
        // picture of the right size comes out or a rejection.
        for (byte[] odd : List.of(withFrame(0xc9, 8), withoutRestarts(Pictures.golden("restarts.jpg")))) {
            try {
                assertThat(READER.read(odd)).hasToString("Image 24x16");
            } catch (DataException rejected) {
                assertThat(rejected.reason()).startsWith("damaged JPEG");
            }
        }
        assertThat(READER.read(Pictures.golden("baseline.jpg"))).isEqualTo(expected);
    }

    private static byte[] withoutRestarts(byte[] jpeg) {
        byte[] kept = new byte[jpeg.length];
        int count = 0;
        for (int i = 0; i < jpeg.length; i++) {
            if (jpeg[i] == (byte) 0xff && i + 1 < jpeg.length && (jpeg[i + 1] & 0xf8) == 0xd0) {
                i++;
            } else {
                kept[count++] = jpeg[i];
            }
        }
        assertThat(count).isLessThan(jpeg.length);
        return Arrays.copyOf(kept, count);
    }

    private static byte[] withFrame(int marker, int bits) {
        byte[] jpeg = Pictures.golden("baseline.jpg");
        for (int i = 0; ; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) {
                jpeg[i + 1] = (byte) marker;
                jpeg[i + 4] = (byte) bits;
                return jpeg;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline.jpg",
                "progressive.jpg",
                "restarts.jpg",
                "animated.png",
                "lossy.webp",
                "alpha_lossy.webp",
                "animated.webp",
                "lossless.webp",
                "noisy.gif",
                "palette.bmp",
                "cmyk.jpg"
            })
    void D14_mutatedFiles_neverCrash(String name) {
        byte[] original = Pictures.golden(name);
        var random = new Random(name.hashCode());
        var tolerant = ImageReader.of().allowTruncated().maxPixels(4_000_000);
        int read = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bytes = original.clone();
            int changes = 1 + random.nextInt(8);
            for (int k = 0; k < changes; k++) {
                // headers are where the danger is
                int at = random.nextInt(random.nextBoolean() ? Math.min(300, bytes.length) : bytes.length);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ (1 << random.nextInt(8)));
            }
            if (random.nextInt(5) == 0) {
                bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
            }
            try {
                read += tolerant.read(bytes).data().length > 0 ? 1 : 0;
            } catch (DataException rejected) {
                assertThat(rejected.reason()).isNotBlank();
            }
        }
        assertThat(read).as("some survive, or nothing was tested").isPositive();
    }

    @Test
    void D14_cutAnywhere_isTruncated() {
        for (String name :
                List.of("animated.png", "lossless.webp", "alpha_lossy.webp", "noisy.gif", "rgb.bmp", "gray.jpg")) {
            byte[] bytes = Pictures.golden(name);
            String truncated = "truncated " + ImageHeader.of(bytes).type().label();
            for (int length = 30; length < Math.min(400, bytes.length / 3); length++) {
                assertThat(ImageReaderTest.reason(Arrays.copyOf(bytes, length)))
                        .as("%s cut to %d bytes", name, length)
                        .isEqualTo(truncated);
            }
        }
    }

    @Test
    void D15_tiffThatEndsAfterItsFirstBytes_isTruncated() {
        for (String start : List.of("II*\0\u0008\0\0\0", "MM\0*\0\0\0\u0008")) {
            assertThat(ImageReaderTest.reason(start.getBytes(StandardCharsets.ISO_8859_1)))
                    .isEqualTo("truncated TIFF");
        }
    }

    @Test
    void D12_pictureOfOnePixelByMillions_isRefusedBeforeItIsDecoded() {
        byte[] png = Pictures.png(1, 49_000_000, 8, 2, new byte[100_000]);
        assertThat(ImageReaderTest.reason(png)).contains("49000000");
    }

    @Test
    void D12_largeJpeg_isReadWhenItIsReduced_andAProgressiveOneUpToThreeTimesTheLimit() {
        var reader = READER.maxPixels(20_000).shortSide(30);
        byte[] jpeg = ImageWriter.jpeg(Pictures.smooth(400, 300), 90); // 120,000 pixels, 1,900 at an eighth
        assertThat(reader.read(jpeg)).hasToString("Image 50x38");
        assertThatThrownBy(() -> reader.shortSide(0).read(jpeg)).hasMessageContaining("pixels >");
        byte[] progressive = Pictures.golden("progressive.jpg");
        ImageHeader header = ImageHeader.of(progressive);
        long half = header.pixels() / 2;
        long quarter = header.pixels() / 4;
        int side = Math.min(header.width(), header.height()) / 4;
        assertThat(READER.maxPixels(half).shortSide(side).read(progressive).width())
                .isLessThan(header.width());
        assertThatThrownBy(() -> READER.maxPixels(quarter).shortSide(side).read(progressive))
                .hasMessageContaining("pixels >");
    }

    @Test
    void D15_unsupportedFormats_areNamed() {
        for (var format : List.of(
                List.of("\0\0\0\u0018ftypavif", "AVIF"),
                List.of("\0\0\0\u0018ftypheic", "HEIC"),
                List.of("\0\0\0\u0018ftypmif1", "HEIC"),
                List.of(
                        "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg>",
                        "SVG"),
                List.of("<svg xmlns='x'/>", "SVG"),
                List.of("\0\0\0\u000cjP  \r\n\u0087\n", "JP2"),
                List.of("\u00ffO\u00ffQ\0", "JP2"),
                List.of("\u00ff\n\0\0", "JXL"),
                List.of("%PDF-1.7", "PDF"))) {
            byte[] bytes = format.get(0).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(ImageReaderTest.reason(bytes)).isEqualTo("unsupported format " + format.get(1));
        }
    }

    /** A folder opens as a file does, and each attempt to read of it fails, as that of a broken network disk. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void D30_errorWhileReading_isARejectionWithItsReason(@TempDir Path folder) throws Exception {
        try (var broken = ByteSource.open(folder)) {
            assertThatThrownBy(() -> broken.prefix(16))
                    .isInstanceOf(IOException.class)
                    .satisfies(failure -> assertThat(Unreadable.rejected("a.jpg", (IOException) failure))
                            .hasMessageContainingAll("a.jpg", "input/output error", "Maybe the disk or network"));
        }
    }
}
