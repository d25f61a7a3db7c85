package espalier.vision;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.DataBlock;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.predict.ImageTask;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.train.Precision;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A picture must reach the network as the same floats whichever way it comes. */
@ExtendWith(NoLeaks.class)
class ImagePreparationTest {
    private static final int SIDE = 48;

    @TempDir
    Path folder;

    /** Photos of several sizes, so large that they are decoded at a reduced size. */
    private Path photos() throws IOException {
        Path data = folder.resolve("photos");
        for (int i = 0; i < 12; i++) {
            var rng = Rng.of(i);
            int width = 200 + 17 * i;
            byte[] bytes = new byte[width * 260 * 3];
            for (int p = 0; p < bytes.length; p++) {
                bytes[p] = (byte) (127 + 90 * Math.sin(p / (40.0 + i)) + rng.nextInt(30));
            }
            Path label = Files.createDirectories(data.resolve(i % 2 == 0 ? "even" : "odd"));
            Files.write(label.resolve(i + ".jpg"), ImageWriter.jpeg(Image.of(width, 260, bytes), 90));
        }
        return data;
    }

    @Test
    void validationEvaluationPredictionAndServing_giveTheNetworkIdenticalFloats() throws IOException {
        Path model = folder.resolve("model.safetensors");
        Map<Path, float[]> validated = new HashMap<>();
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.randomResizedCrop(SIDE))
                .batchTransform(Augmentations.standard())
                .loaders(photos());
        try (var learner = VisionLearner.of(loaders, Models.mobileNetV2(), VisionLearner.Start.scratch())
                .precision(Precision.FLOAT32)) {
            learner.export(model);
            try (var batches = learner.loaders().valid().epoch(0)) {
                while (batches.hasNext()) {
                    var batch = batches.next();
                    float[] all = batch.x().toFloatArray();
                    int each = all.length / batch.items().size();
                    for (int i = 0; i < batch.items().size(); i++) {
                        validated.put(
                                batch.items().get(i).path(),
                                java.util.Arrays.copyOfRange(all, i * each, (i + 1) * each));
                    }
                }
            }
        }
        assertThat(validated).isNotEmpty();
        try (var predictor = Predictor.load(model);
                var scope = Scope.open()) {
            var task = (ImageTask) predictor.task();
            var network = (ImageNetwork) task.libtorch().orElseThrow();
            for (var one : validated.entrySet()) {
                Image predicted = task.read(one.getKey()); // evaluate, interpret and clean read so too
                Image served = task.read(Files.readAllBytes(one.getKey()));
                for (Image image : List.of(predicted, served)) {
                    Tensor x = network.prepared(ImageTask.inputs(List.of(image)));
                    assertThat(x.toFloatArray()).isEqualTo(one.getValue());
                }
            }
        }
    }
}
