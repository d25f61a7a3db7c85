package espalier.app;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.train.Learner;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small pictures whose left (class left) or right half is bright, with noise, and models for them. */
final class Halves {
    static final int SIZE = 40;

    private Halves() {}

    /** {@code count} pictures of each class below {@code root}, which is given back. */
    static Path write(Path root, int count) {
        for (String label : List.of("left", "right")) {
            for (int i = 0; i < count; i++) {
                write(root.resolve(label).resolve(i + ".png"), label, i);
            }
        }
        return root;
    }

    /** One picture of a class. */
    static void write(Path file, String label, long seed) {
        var rng = Rng.of(seed).derive(label.hashCode());
        byte[] bytes = new byte[SIZE * SIZE * 3];
        for (int p = 0; p < bytes.length; p++) {
            boolean bright = (p / 3 % SIZE < SIZE / 2) == label.equals("left");
            bytes[p] = (byte) ((bright ? 160 : 20) + rng.nextInt(60));
        }
        try {
            Files.createDirectories(file.getParent());
            ImageWriter.write(Image.of(SIZE, SIZE, bytes), file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Loaders<Image> loaders(Path data) {
        return DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(32))
                .batchSize(8)
                .loaders(data);
    }

    static Learner<Image> learner(Path data) {
        return VisionLearner.of(loaders(data), Models.efficientNetLite0(), VisionLearner.Start.scratch())
                .metrics(Metrics.errorRate());
    }

    /** A model file that has seen so many epochs of {@code data}. */
    static Path model(Path data, Path file, int epochs) {
        try (var learner = learner(data)) {
            if (epochs > 0) {
                learner.fitOneCycle(epochs, Rates.of(3e-3));
            }
            learner.export(file);
        }
        return file;
    }
}
