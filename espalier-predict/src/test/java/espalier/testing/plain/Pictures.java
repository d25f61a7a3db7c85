package espalier.testing.plain;

import espalier.image.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Pictures and files for tests, made from formulas; some files that Java cannot write come from a golden. */
public final class Pictures {
    private static final int[] ALONG_X = {3, 7, 1};
    private static final int[] ALONG_Y = {5, 2, 11};
    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private Pictures() {}

    /** The picture of {@code synthetic} in make_image.py. */
    public static Image synthetic(int width, int height) {
        return synthetic(width, height, 1);
    }

    public static Image synthetic(int width, int height, int rough) {
        byte[] data = new byte[width * height * 3];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    data[at++] = (byte) ((x * ALONG_X[c] + y * ALONG_Y[c]) ^ (x * y * rough));
                }
            }
        }
        return Image.of(width, height, data);
    }

    /** A smooth picture, on which a JPEG loses little. */
    public static Image smooth(int width, int height) {
        byte[] data = new byte[width * height * 3];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                data[at++] = (byte) (40 + 180 * x / width);
                data[at++] = (byte) (40 + 180 * y / height);
                data[at++] = (byte) (220 - 180 * x / width);
            }
        }
        return Image.of(width, height, data);
    }

    public static byte[] golden(String name) {
        return Base64.getDecoder()
                .decode(Golden.load("image/files").value("/" + name + "/base64").asString());
    }

    public static Image goldenPixels(String name) {
        var file = Golden.load("image/files").value("/" + name);
        byte[] rgb = Base64.getDecoder().decode(file.get("rgb").asString());
        return Image.of(file.get("width").asInt(), file.get("height").asInt(), rgb);
    }

    public static long goldenCrc(String name) {
        return Golden.load("image/files").value("/" + name + "/crc").asLong();
    }

    public static long crc(Image image) {
        var crc = new CRC32();
        crc.update(image.data());
        return crc.getValue();
    }

    /** The mean absolute difference of two pictures' levels. */
    public static double meanDifference(Image a, Image b) {
        long sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += Math.abs((a.data()[i] & 0xff) - (b.data()[i] & 0xff));
        }
        return (double) sum / a.data().length;
    }

    /** The largest absolute difference of two pictures' levels. */
    public static int maxDifference(Image a, Image b) {
        int max = 0;
        for (int i = 0; i < a.data().length; i++) {
            max = Math.max(max, Math.abs((a.data()[i] & 0xff) - (b.data()[i] & 0xff)));
        }
        return max;
    }

    public static byte[] gif(BufferedImage image) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "gif", out);
        return out.toByteArray();
    }

    // PNG

    /** A PNG of rows that already start with their filter byte. */
    public static byte[] png(int width, int height, int bitDepth, int colourType, byte[] rows, byte[]... chunksBefore) {
        return png(width, height, bitDepth, colourType, 0, rows, chunksBefore);
    }

    public static byte[] png(
            int width, int height, int bitDepth, int colourType, int interlace, byte[] rows, byte[]... chunksBefore) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(PNG_SIGNATURE);
        var header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) bitDepth)
                .put((byte) colourType)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) interlace);
        out.writeBytes(chunk("IHDR", header.array()));
        for (byte[] chunk : chunksBefore) {
            out.writeBytes(chunk);
        }
        byte[] packed = deflate(rows);
        int half = packed.length / 2; // two chunks, as real writers make
        out.writeBytes(chunk("IDAT", Arrays.copyOf(packed, half)));
        out.writeBytes(chunk("IDAT", Arrays.copyOfRange(packed, half, packed.length)));
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    public static byte[] chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(name);
        crc.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    public static byte[] deflate(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out, new Deflater(9))) {
            deflater.write(bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out.toByteArray();
    }

    // EXIF and containers

    /** A TIFF structure with nothing but the orientation. */
    public static byte[] exif(int orientation, ByteOrder order) {
        var tiff = ByteBuffer.allocate(26).order(order);
        tiff.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
        tiff.putShort((short) 42).putInt(8).putShort((short) 1);
        tiff.putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        return tiff.putInt(0).array();
    }

    /** The JPEG with a segment put in after its first two bytes. */
    public static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        var out = ByteBuffer.allocate(jpeg.length + 4 + content.length);
        out.put(jpeg, 0, 2).put((byte) 0xff).put((byte) marker).putShort((short) (content.length + 2));
        return out.put(content).put(jpeg, 2, jpeg.length - 2).array();
    }

    public static byte[] withExif(byte[] jpeg, byte[] tiff) {
        return withSegment(jpeg, 0xe1, concat("Exif\0\0".getBytes(StandardCharsets.US_ASCII), tiff));
    }

    /** An extended WebP around a simple one, with EXIF at its end. */
    public static byte[] webpWithExif(byte[] simple, int width, int height, byte[] tiff) {
        var header = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
        header.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(0x08);
        header.put(little24(width - 1)).put(little24(height - 1));
        byte[] exif = concat(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put("EXIF".getBytes(StandardCharsets.US_ASCII))
                        .putInt(tiff.length)
                        .array(),
                tiff);
        byte[] body = concat(header.array(), Arrays.copyOfRange(simple, 12, simple.length), exif);
        return concat(
                ByteBuffer.allocate(12)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                        .putInt(4 + body.length)
                        .put("WEBP".getBytes(StandardCharsets.US_ASCII))
                        .array(),
                body);
    }

    private static byte[] little24(int value) {
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16)};
    }

    public static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
