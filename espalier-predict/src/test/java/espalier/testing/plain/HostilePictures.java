package espalier.testing.plain;

import espalier.image.Image;
import espalier.image.ImageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Files of the kinds that the picture gate's own tests are about, for sending them to a server. */
public final class HostilePictures {
    private HostilePictures() {}

    /** Files that are no readable pictures, by the case of the catalogue that they stand for. */
    public static Map<String, byte[]> bad() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        byte[] jpeg = ImageWriter.jpeg(Pictures.synthetic(64, 64), 90);
        byte[] png = ImageWriter.png(Pictures.synthetic(64, 64));
        files.put("D01 html", "<html><script>alert(1)</script></html>".getBytes(StandardCharsets.UTF_8));
        files.put("D01 svg", "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(StandardCharsets.UTF_8));
        files.put("D02 one byte", new byte[] {(byte) 0xff});
        files.put("D03 jpeg half", Arrays.copyOf(jpeg, jpeg.length / 2));
        files.put("D03 png half", Arrays.copyOf(png, png.length / 2));
        files.put("D03 png head", Arrays.copyOf(png, 30));
        byte[] spoiled = png.clone();
        Arrays.fill(spoiled, 40, spoiled.length - 12, (byte) 0x55);
        files.put("D04 png spoiled", spoiled);
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        files.put("D05 noise", noise);
        byte[] noisy = Pictures.concat(Arrays.copyOf(jpeg, 100), noise);
        files.put("D05 jpeg head and noise", noisy);
        files.put("D11 png 10 gigapixels", Pictures.png(100_000, 100_000, 8, 2, new byte[1000]));
        files.put("D11 png overflow", Pictures.png(Integer.MAX_VALUE, Integer.MAX_VALUE, 16, 6, new byte[10]));
        files.put("D11 png 50 megapixels and a row", Pictures.png(50_000, 1_001, 8, 2, new byte[1000]));
        files.put("D11 png empty", Pictures.png(0, 0, 8, 2, new byte[0]));
        byte[] bmp = Pictures.golden("rgb.bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(22, Integer.MIN_VALUE);
        files.put("D11 bmp", bmp);
        files.put("D12 zip", new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
        files.put("D13 tiff", new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0});
        files.put("D14 pdf", "%PDF-1.7\n%%EOF".getBytes(StandardCharsets.US_ASCII));
        return files;
    }

    /** The same pixels, to be turned by EXIF's orientation. */
    public static byte[] turned(byte[] jpeg, int orientation) {
        return Pictures.withExif(jpeg, Pictures.exif(orientation, ByteOrder.LITTLE_ENDIAN));
    }

    /** A picture as the sensor of a camera stored it that was held upright, which EXIF calls orientation 6. */
    public static Image sideways(Image upright) {
        int width = upright.height();
        int height = upright.width();
        byte[] data = new byte[width * height * 3];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    data[at++] = (byte) upright.level(height - 1 - y, x, channel);
                }
            }
        }
        return Image.of(width, height, data);
    }
}
