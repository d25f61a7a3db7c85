package espalier.cli;

import espalier.app.Show;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Small data sets, models and pictures for the tests of the commands. */
final class PictureFiles {
    private PictureFiles() {}

    /** The folder with the real data. */
    static Path shared() {
        String set = System.getProperty("espalier.shared", "");
        return set.isBlank() ? Path.of("..", "..", "shared") : Path.of(set);
    }

    /** Reddish and bluish squares in folders of these names, {@code count} each. */
    static Path twoClasses(Path root, int count) {
        for (int i = 0; i < count; i++) {
            png(root.resolve("blue/" + i + ".png"), new Color(10 * i % 256, 20, 220));
            png(root.resolve("red/" + i + ".png"), new Color(220, 10 * i % 256, 20));
        }
        return root;
    }

    /** A picture of 32 pixels with some structure. */
    static void png(Path file, Color color) {
        var picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        var g = picture.createGraphics();
        g.setColor(color);
        g.fillRect(4, 8, 24, 20);
        g.dispose();
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(picture, "png", file.toFile());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A model file with random weights for the classes of {@code data}. */
    static Path untrained(Path data, Path file) {
        var loaders = Show.of(data).size(32).block().loaders(data);
        try (var learner = VisionLearner.of(loaders, Models.efficientNetLite0(), VisionLearner.Start.scratch())) {
            learner.export(file);
        }
        return file;
    }

    /** A JPEG that is {@code upright} once its EXIF orientation (1 to 8) is obeyed. */
    static byte[] jpeg(BufferedImage upright, int orientation) throws IOException {
        int height = upright.getHeight();
        int width = upright.getWidth();
        boolean sideways = orientation >= 5;
        var stored =
                new BufferedImage(sideways ? height : width, sideways ? width : height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int fromRight = width - 1 - x;
                int fromBottom = height - 1 - y;
                int[] at =
                        switch (orientation) {
                            case 1 -> new int[] {x, y};
                            case 2 -> new int[] {fromRight, y};
                            case 3 -> new int[] {fromRight, fromBottom};
                            case 4 -> new int[] {x, fromBottom};
                            case 5 -> new int[] {y, x};
                            case 6 -> new int[] {y, fromRight};
                            case 7 -> new int[] {fromBottom, fromRight};
                            default -> new int[] {fromBottom, x};
                        };
                stored.setRGB(at[0], at[1], upright.getRGB(x, y));
            }
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(stored, "jpg", out);
        byte[] plain = out.toByteArray();
        byte[] exif = exif(orientation);
        return ByteBuffer.allocate(plain.length + exif.length)
                .put(plain, 0, 2)
                .put(exif)
                .put(plain, 2, plain.length - 2)
                .array();
    }

    /** An APP1 segment with nothing but the orientation, in big-endian TIFF. */
    private static byte[] exif(int orientation) {
        var segment = ByteBuffer.allocate(36);
        segment.putShort((short) 0xFFE1).putShort((short) 34);
        segment.put(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42}).putInt(8);
        segment.putShort((short) 1); // one entry: tag 0x112, one short
        segment.putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        return segment.putInt(0).array();
    }
}
