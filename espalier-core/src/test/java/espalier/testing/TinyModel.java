package espalier.testing;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.vision.model.Models;
import espalier.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small network of random weights as a model file, and pictures that it tells apart. */
public final class TinyModel {
    /** The pixels of a side that it takes. */
    public static final int SIDE = 32;

    private static final float LOUDER = 5;
    /** The classes. */
    public static final List<String> CLASSES = List.of("ant", "bee", "cat", "dog");

    private TinyModel() {}

    /** Writes a model of the tiny classes. */
    public static Path write(Path file, int seed) {
        return write(file, seed, CLASSES, List.of());
    }

    /** Writes a model; {@code thresholds} are one for each class of a model of tags, or none. */
    public static Path write(Path file, int seed, List<String> classes, List<Double> thresholds) {
        return write(file, seed, classes, thresholds, LOUDER);
    }

    /** Writes a model for which nothing in a picture speaks for any class. */
    public static Path writeBlind(Path file) {
        return write(file, 1, CLASSES, List.of(), 0);
    }

    private static Path write(Path file, int seed, List<String> classes, List<Double> thresholds, float loudness) {
        try (var scope = Scope.open();
                var module = Models.named("mobilenet-v2").create(classes.size())) {
            module.reset(Rng.of(seed));
            try (var off = Grad.off()) {
                // Fresh depthwise weights let everything fade to nothing, and a quiet classifier answers all alike.
                for (var weight : module.parameters().values()) {
                    if (weight.dim() == 4 && weight.size(1) == 1) {
                        weight.mul_((float) Math.sqrt(weight.size(0)));
                    }
                }
                module.parameters().get("classifier.1.weight").mul_(loudness);
            }
            var resize = Transforms.resize(SIDE);
            var document = ModelDocument.of(
                            thresholds.isEmpty() ? "image-classification" : "image-tagging",
                            new ModelDocument.Architecture("mobilenet-v2", Map.of("head", "published")),
                            classes)
                    .transforms(List.of(new ModelDocument.Step(resize.name(), resize.parameters())))
                    .normalisation(new ModelDocument.Normalisation(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)))
                    .activation(thresholds.isEmpty() ? "softmax" : "sigmoid")
                    .thresholds(thresholds)
                    .metrics(Map.of("accuracy", 0.25));
            ModelFile.save(file, document, Weights.of(module));
            return file;
        }
    }

    /** So many different pictures, as files. */
    public static List<byte[]> pictures(int count) {
        var pictures = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            pictures.add(ImageWriter.png(picture(i, SIDE, SIDE)));
        }
        return pictures;
    }

    /** A picture of blocks of colours. */
    public static Image picture(int seed, int width, int height) {
        var rng = Rng.of(seed);
        int[] colours = new int[8 * 8 * 3];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = rng.nextInt(256);
        }
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int block = (y * 8 / height * 8 + x * 8 / width) * 3;
                for (int c = 0; c < 3; c++) {
                    pixels[at++] = (byte) colours[block + c];
                }
            }
        }
        return Image.of(width, height, pixels);
    }

    /** What the predictor says of each of the files, alone. */
    public static List<float[]> expected(Predictor predictor, List<byte[]> files) {
        return files.stream()
                .map(file -> predictor.predict(file).probabilities())
                .toList();
    }
}
