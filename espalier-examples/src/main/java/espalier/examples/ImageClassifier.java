package espalier.examples;

import espalier.data.DataBlock;
import espalier.data.Labels;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.image.Image;
import espalier.image.Padding;
import espalier.image.Resize;
import espalier.image.Transforms;
import espalier.interpret.Interpretation;
import espalier.item.Items;
import espalier.metric.Metrics;
import espalier.predict.Predictor;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.History;
import espalier.vision.Blocks;
import espalier.vision.ImageGrid;
import espalier.vision.VisionLearner;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The tutorial {@code docs/tutorials/image-classifier.md}: looks at a folder of pictures, trains a classifier, judges
 * it, and predicts.
 *
 * @param folder one sub-folder a class, pictures inside
 * @param out where grids, plots and the model are written
 * @param size the side of the pictures in pixels
 * @param epochs epochs of the whole model, after one of the head alone
 */
public record ImageClassifier(Path folder, Path out, int size, int epochs) {
    /** Arguments: a folder with one sub-folder a class, and a folder for the results. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: ImageClassifier PICTURES RESULTS");
            System.exit(2);
        }
        var tutorial = new ImageClassifier(Path.of(args[0]), Path.of(args[1]), 224, 4);
        Files.createDirectories(tutorial.out);
        tutorial.look();
        tutorial.train();
        tutorial.predict();
    }

    private DataBlock<Image> block() {
        // region block
        var block = DataBlock.of(Blocks.image(), Blocks.category())
                .items(Items.imageFiles())
                .split(Splits.random(0.2).seed(42))
                .label(Labels.parentFolder())
                .itemTransform(Transforms.resize(size));
        // endregion
        return block;
    }

    /** Steps 1 to 4: the data block, the pictures, and what may be done to them. */
    void look() throws IOException {
        var block = block();
        // region explain
        System.out.println(block.explain(folder));
        // endregion

        // region show
        ImageGrid.of(block.loaders(folder), 9).write(out.resolve("pictures.png"));
        // endregion

        // region resize
        var squished = block.with(Transforms.resize(size).method(Resize.Method.SQUISH));
        var padded = block.with(Transforms.resize(size).padding(Padding.ZEROS));
        ImageGrid.of(squished.loaders(folder), 9).write(out.resolve("squished.png"));
        ImageGrid.of(padded.loaders(folder), 9).write(out.resolve("padded.png"));
        // endregion

        // region crop
        var cropped = block.with(Transforms.randomResizedCrop(size).minScale(0.3));
        ImageGrid.augmentations(cropped.loaders(folder), 9).write(out.resolve("crops.png"));
        // endregion

        // region augment
        var augmented = block.batchTransform(Augmentations.standard().mult(2));
        ImageGrid.augmentations(augmented.loaders(folder), 9).write(out.resolve("augmentations.png"));
        // endregion
    }

    /** Steps 5 to 7: trains, judges and exports. */
    History train() throws IOException {
        var block = block();
        // region loaders
        var loaders = block.with(Transforms.randomResizedCrop(size).minScale(0.5))
                .batchTransform(Augmentations.standard())
                .loaders(folder);
        // endregion
        return train(loaders);
    }

    private History train(Loaders<Image> loaders) throws IOException {
        // region train
        try (var learner = VisionLearner.of(loaders, Models.efficientNetLite0()).metrics(Metrics.errorRate())) {
            learner.callback(new Callback() {
                @Override
                public void afterEpoch(Fit fit) {
                    fit.history().last().ifPresent(System.out::println);
                }
            });
            learner.fineTune(epochs);
            // endregion

            // region judge
            var interpretation = Interpretation.of(learner);
            System.out.println(interpretation.confusionMatrix().text());
            interpretation.confusionMatrix().plot(out.resolve("confusion.png"));
            interpretation
                    .topLosses()
                    .largest(5)
                    .forEach(item -> System.out.println(
                            item.item() + " is " + item.actual() + ", the model says " + item.predicted()));
            // endregion

            // region export
            learner.export(out.resolve("model.safetensors"));
            // endregion
            return learner.history();
        }
    }

    /** Step 8: predicts the pictures of the folder from the exported file. */
    List<Predictor.Answer> predict() {
        // region predict
        try (var model = Predictor.load(out.resolve("model.safetensors"))) {
            var answers = model.predictAll(List.of(folder));
            for (var answer : answers) {
                System.out.println(answer.file() + ": "
                        + answer.prediction()
                                .map(Object::toString)
                                .or(answer::error)
                                .orElse(""));
            }
            return answers;
        }
        // endregion
    }
}
