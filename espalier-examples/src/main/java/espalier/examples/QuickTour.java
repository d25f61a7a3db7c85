package espalier.examples;

import espalier.data.DataBlock;
import espalier.data.Labels;
import espalier.data.Splits;
import espalier.image.Transforms;
import espalier.interpret.Interpretation;
import espalier.item.Items;
import espalier.metric.Metrics;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Path;

/** The README's screen of code: from a folder of pictures to a prediction. */
public final class QuickTour {
    private QuickTour() {}

    /** Arguments: a folder with one sub-folder a class, a folder for the results, a picture to predict. */
    public static void main(String[] args) throws IOException {
        System.out.println(run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])));
    }

    /** Trains on {@code folder}, writes the model and the confusion matrix into {@code out}, predicts {@code picture}. */
    static Prediction run(Path folder, Path out, Path picture) throws IOException {
        // region tour
        var pictures = DataBlock.of(Blocks.image(), Blocks.category())
                .items(Items.imageFiles())
                .split(Splits.random(0.2).seed(42))
                .label(Labels.parentFolder())
                .itemTransform(Transforms.randomResizedCrop(224).minScale(0.35))
                .batchTransform(Augmentations.standard());

        var loaders = pictures.loaders(folder);
        try (var learner = VisionLearner.of(loaders, Models.efficientNetLite0()).metrics(Metrics.errorRate())) {
            learner.fineTune(4);
            Interpretation.of(learner).confusionMatrix().plot(out.resolve("confusion.png"));
            learner.export(out.resolve("model.safetensors"));
        }

        try (var model = Predictor.load(out.resolve("model.safetensors"))) {
            return model.predict(picture); // label, index, probabilities
        }
        // endregion
    }
}
