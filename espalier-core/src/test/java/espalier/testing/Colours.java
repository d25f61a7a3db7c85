package espalier.testing;

import espalier.format.ModelDocument;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.ImageWriter;
import espalier.item.Items;
import espalier.loss.Activation;
import espalier.predict.PredictionTask;
import espalier.predict.Predictor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A model that needs no training: it tells red pictures from blue ones. And such pictures. */
public final class Colours implements PredictionTask<float[]> {
    private final boolean tags;

    private Colours(boolean tags) {
        this.tags = tags;
    }

    /** The classes are {@code blue} and {@code red}. */
    public static Predictor predictor() {
        return Predictor.of(new Colours(false));
    }

    /** The same as tags, of which a picture may have any number. */
    public static Predictor tagger() {
        return Predictor.of(new Colours(true));
    }

    /** A JPEG of random shapes, all of one colour's shades; another seed, another picture. */
    public static byte[] jpeg(String colour, int seed) {
        return ImageWriter.jpeg(Image.from(draw(colour, seed)), 90);
    }

    /** The same undecoded. */
    public static BufferedImage draw(String colour, int seed) {
        var image = new BufferedImage(96, 72, BufferedImage.TYPE_INT_RGB);
        var random = new Random(seed * 7919L + 1);
        var graphics = image.createGraphics();
        for (int i = 0; i < 14; i++) {
            int strong = 90 + random.nextInt(160);
            int weak = random.nextInt(60);
            graphics.setColor(colour.equals("red") ? new Color(strong, weak, weak) : new Color(weak, weak, strong));
            int x = i == 0 ? 0 : random.nextInt(96);
            int y = i == 0 ? 0 : random.nextInt(72);
            int width = i == 0 ? 96 : 8 + random.nextInt(48);
            int height = i == 0 ? 72 : 8 + random.nextInt(36);
            if (i == 0 || random.nextBoolean()) {
                graphics.fillRect(x, y, width, height);
            } else {
                graphics.fillOval(x, y, width, height);
            }
        }
        graphics.dispose();
        return image;
    }

    @Override
    public float[] read(Path file) {
        return balance(ImageReader.of().read(file));
    }

    @Override
    public float[] read(byte[] bytes) {
        return balance(ImageReader.of().read(bytes));
    }

    @Override
    public float[] read(BufferedImage picture) {
        return balance(Image.from(picture));
    }

    private static float[] balance(Image image) {
        long red = 0;
        long blue = 0;
        byte[] data = image.data();
        for (int i = 0; i < data.length; i += 3) {
            red += data[i] & 255;
            blue += data[i + 2] & 255;
        }
        float balance = (float) (red - blue) / (red + blue + 1);
        return new float[] {-3 * balance, 3 * balance};
    }

    @Override
    public Items.Found find(Path folder) {
        return new Items.Found(List.of(), List.of());
    }

    @Override
    public float[][] probabilities(List<float[]> inputs) {
        var activation = tags ? Activation.SIGMOID : Activation.SOFTMAX;
        return inputs.stream().map(activation::apply).toArray(float[][]::new);
    }

    @Override
    public String engine() {
        return "java";
    }

    @Override
    public void close() {}

    @Override
    public ModelDocument document() {
        return ModelDocument.of(
                        tags ? "image-tagging" : "image-classification",
                        new ModelDocument.Architecture("colours", Map.of()),
                        List.of("blue", "red"))
                .activation(tags ? "sigmoid" : "softmax")
                .thresholds(tags ? List.of(0.5, 0.5) : List.of());
    }
}
