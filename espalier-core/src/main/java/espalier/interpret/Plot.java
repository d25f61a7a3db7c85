package espalier.interpret;

import espalier.files.AtomicFiles;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.imageio.ImageIO;

/**
 * A picture of figures, painted when asked for: {@code plot.save(Path.of("roc.png"))}. Needs no screen.
 *
 * <p>Pictures have two pixels a point in each direction, so that they stay sharp on dense screens and in print.
 */
public final class Plot {
    private static final int SCALE = 2;

    private final String alternative;
    private final Function<Theme, BufferedImage> painter;

    Plot(String alternative, Function<Theme, BufferedImage> painter) {
        this.alternative = alternative;
        this.painter = painter;
    }

    /** What the picture shows in a sentence, for those who cannot see it. */
    public String alternative() {
        return alternative;
    }

    /** The picture on light ground. */
    public BufferedImage image() {
        return image(Theme.LIGHT);
    }

    /** The picture in the colours of {@code theme}. */
    public BufferedImage image(Theme theme) {
        return painter.apply(theme);
    }

    /** The picture as the bytes of a PNG file. */
    public byte[] png(Theme theme) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image(theme), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("a picture in memory could not be written", e);
        }
        return out.toByteArray();
    }

    /** Writes the picture as a PNG file, on light ground. @throws IOException when the file cannot be written */
    public void save(Path png) throws IOException {
        AtomicFiles.writeBytes(png, png(Theme.LIGHT));
    }

    /** A picture of {@code width} times {@code height} points on the theme's ground. */
    static BufferedImage paint(int width, int height, Theme theme, Consumer<Graphics2D> painter) {
        var image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            Theme.smooth(g);
            g.scale(SCALE, SCALE);
            g.setColor(theme.ground());
            g.fillRect(0, 0, width, height);
            painter.accept(g);
        } finally {
            g.dispose();
        }
        return image;
    }
}
