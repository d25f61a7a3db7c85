//REPOS mavenlocal,mavencentral
//DEPS dev.espalier:espalier-bom:0.1.0-SNAPSHOT@pom
//DEPS dev.espalier:espalier-core
//DEPS dev.espalier:espalier-weights
//DEPS org.slf4j:slf4j-simple:2.0.20

import espalier.data.DataBlock;
import espalier.data.Labels;
import espalier.data.Splits;
import espalier.image.Transforms;
import espalier.item.Items;
import espalier.metric.Metrics;
import espalier.predict.Predictor;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Path;

/** Trains a model on a folder of pictures, with a sub-folder for each class, and asks it about one picture. */
public final class FirstProgram {
    private FirstProgram() {}

    /** Arguments: the folder of pictures, and the picture to predict. */
    public static void main(String[] args) throws IOException {
        var folder = Path.of(args[0]);
        var model = Path.of("model.safetensors");
        train(folder, model);
        try (var predictor = Predictor.load(model)) {
            System.out.println(predictor.predict(Path.of(args[1])));
        }
    }

    private static void train(Path folder, Path model) throws IOException {
        var pictures = DataBlock.of(Blocks.image(), Blocks.category())
                .items(Items.imageFiles())
                .split(Splits.random(0.2).seed(42))
                .label(Labels.parentFolder())
                .itemTransform(Transforms.randomResizedCrop(128).minScale(0.35))
                .batchTransform(Augmentations.standard());
        try (var learner = VisionLearner.of(pictures.loaders(folder), Models.efficientNetLite0())) {
            learner.metrics(Metrics.errorRate()).fineTune(2);
            learner.export(model);
        }
    }
}
