package espalier.web.monitor;

import espalier.data.DataBlock;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.metric.Metrics;
import espalier.rng.Rng;
import espalier.train.Learner;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A learner on a few small pictures, whose left or right half is bright; batches of four. */
final class TinyTraining {
    private static final int SIDE = 40;

    private TinyTraining() {}

    static Learner<Image> learner(Path data, int count) throws IOException {
        for (String label : List.of("left", "right")) {
            Files.createDirectories(data.resolve(label));
            for (int i = 0; i < count; i++) {
                var rng = Rng.of(i).derive(label.hashCode());
                byte[] bytes = new byte[SIDE * SIDE * 3];
                for (int p = 0; p < bytes.length; p++) {
                    boolean bright = (p / 3 % SIDE < SIDE / 2) == label.equals("left");
                    bytes[p] = (byte) ((bright ? 160 : 20) + rng.nextInt(60));
                }
                ImageWriter.write(
                        Image.of(SIDE, SIDE, bytes), data.resolve(label).resolve(i + ".png"));
            }
        }
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(32))
                .batchSize(4)
                .loaders(data);
        return VisionLearner.of(loaders, Models.efficientNetLite0(), VisionLearner.Start.scratch())
                .metrics(Metrics.errorRate());
    }
}
