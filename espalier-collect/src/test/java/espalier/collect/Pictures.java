package espalier.collect;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures for tests, drawn from a seed so that none needs to be in the repository. */
final class Pictures {
    static {
        jpeg(0); // the first one loads the codecs, which must not look like a slow server
        png(0);
    }

    private Pictures() {}

    /** A scene of random rectangles and ovals, different for each seed. */
    static BufferedImage draw(int seed, int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var random = new Random(seed * 7919L + 1);
        var graphics = image.createGraphics();
        graphics.setColor(new Color(random.nextInt(1 << 24)));
        graphics.fillRect(0, 0, width, height);
        for (int i = 0; i < 12; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            int w = 1 + random.nextInt(Math.max(1, width / 2));
            int h = 1 + random.nextInt(Math.max(1, height / 2));
            if (random.nextBoolean()) {
                graphics.fillRect(x, y, w, h);
            } else {
                graphics.fillOval(x, y, w, h);
            }
        }
        graphics.dispose();
        return image;
    }

    static byte[] encode(BufferedImage image, String format) {
        try {
            var out = new ByteArrayOutputStream();
            ImageIO.write(image, format, out);
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] jpeg(int seed) {
        return encode(draw(seed, 64, 48), "jpg");
    }

    static byte[] png(int seed) {
        return encode(draw(seed, 64, 48), "png");
    }
}
