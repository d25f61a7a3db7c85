package espalier.interpret;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Small copies of pictures and their form inside a page. */
final class Thumbnails {
    private static final float QUALITY = 0.8f;

    private Thumbnails() {}

    /** The picture without transparency, its longer side at most {@code side} pixels; never enlarged. */
    static BufferedImage shrink(BufferedImage image, int side) {
        BufferedImage current = image;
        // Halving first keeps fine structure from turning into noise, which one large step would do.
        while (Math.max(current.getWidth(), current.getHeight()) >= 4 * side) {
            current = scaled(current, (current.getWidth() + 1) / 2, (current.getHeight() + 1) / 2);
        }
        double scale = Math.min(1, (double) side / Math.max(current.getWidth(), current.getHeight()));
        return scaled(current, Math.max(1, (int) Math.round(current.getWidth() * scale)), Math.max(1, (int)
                Math.round(current.getHeight() * scale)));
    }

    /** The picture as a JPEG in a {@code data:} address. */
    static String jpegUri(BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            var options = writer.getDefaultWriteParam();
            options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            options.setCompressionQuality(QUALITY);
            writer.write(null, new IIOImage(image, null, null), options);
        } catch (IOException e) {
            throw new UncheckedIOException("a picture in memory could not be written", e);
        } finally {
            writer.dispose();
        }
        return uri("image/jpeg", bytes.toByteArray());
    }

    /** Bytes as a {@code data:} address. */
    static String uri(String type, byte[] bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        var to = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = to.createGraphics();
        try {
            Theme.smooth(g);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width, height);
            g.drawImage(image, 0, 0, width, height, null);
        } finally {
            g.dispose();
        }
        return to;
    }
}
