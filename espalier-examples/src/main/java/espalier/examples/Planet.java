package espalier.examples;

import espalier.app.Submission;
import espalier.data.DataBlock;
import espalier.data.Source;
import espalier.data.Splits;
import espalier.image.Image;
import espalier.image.Transforms;
import espalier.interpret.Predictions;
import espalier.interpret.ThresholdSearch;
import espalier.item.Item;
import espalier.item.Items;
import espalier.loss.Activation;
import espalier.metric.Average;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.train.History;
import espalier.train.Learner;
import espalier.train.TestTimeAugmentation;
import espalier.vision.Blocks;
import espalier.vision.ImageGrid;
import espalier.vision.VisionLearner;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Architecture;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The tutorial {@code docs/tutorials/planet.md}: several tags for each picture, in stages, to the competition's submission.
 *
 * @param table names of pictures, without ending, and their tags
 * @param images the pictures
 * @param out where stages and the model are written
 * @param architecture the network
 * @param epochs epochs of each stage
 */
public record Planet(Path table, Path images, Path out, Architecture architecture, int epochs) {
    /** Arguments: train.csv, train-jpg, test-jpg, sample_submission.csv, and a folder for the results. */
    public static void main(String[] args) throws IOException {
        if (args.length != 5) {
            System.err.println("usage: Planet TRAIN_CSV TRAIN_PICTURES TEST_PICTURES SAMPLE_CSV RESULTS");
            System.exit(2);
        }
        var planet = new Planet(Path.of(args[0]), Path.of(args[1]), Path.of(args[4]), Models.resnet50(), 5);
        Files.createDirectories(planet.out);
        System.out.println(planet.small(128).epochs());
        System.out.println(planet.large(256, Path.of(args[2]), Path.of(args[3])));
    }

    DataBlock<Image> block(int size) {
        // region block
        var block = DataBlock.of(Blocks.image(), Blocks.multiCategory())
                .source(Source.table(table).suffix(".jpg").tags(" "))
                .split(Splits.random(0.2).seed(42))
                .itemTransform(Transforms.resize(size))
                .batchTransform(Augmentations.standard()
                        .flipVertical()
                        .maxLighting(0.1)
                        .maxZoom(1.05)
                        .maxWarp(0));
        // endregion
        return block;
    }

    private Learner<Image> learner(int size) {
        // region learner
        var learner = VisionLearner.of(block(size).loaders(images), architecture)
                .metrics(
                        Metrics.accuracyMulti(0.2),
                        Metrics.fBeta(2).multi(0.2).average(Average.SAMPLES).named("f2"));
        // endregion
        return learner;
    }

    /** Stages 1 and 2: the head, then the whole network, on small pictures. */
    History small(int size) throws IOException {
        ImageGrid.of(block(size).loaders(images), 9).write(out.resolve("batch.png"));
        try (var learner = learner(size)) {
            // region small
            double lr = learner.lrFind().valley().orElse(1e-2);
            learner.fitOneCycle(epochs, Rates.of(lr)); // the body is frozen
            learner.save(out.resolve("stage-1"));

            learner.unfreeze();
            learner.fitOneCycle(epochs, Rates.range(1e-5, lr / 5));
            learner.saveWeights(out.resolve("stage-2"));
            // endregion
            return learner.wholeHistory();
        }
    }

    /** Stages 3 and 4: the same weights on larger pictures; then the thresholds, the model file and the submission. */
    Submission.Result large(int size, Path test, Path sample) throws IOException {
        try (var learner = learner(size)) {
            // region large
            learner.load(out.resolve("stage-2"));
            learner.freeze();
            double lr = 1e-2 / 2;
            learner.fitOneCycle(epochs, Rates.of(lr));
            learner.unfreeze();
            learner.fitOneCycle(epochs, Rates.range(1e-5, lr / 5));
            // endregion

            // region thresholds
            var tta = TestTimeAugmentation.standard();
            var valid = tta.outputs(learner, learner.loaders().valid());
            double[] best = ThresholdSearch.standard().best(Predictions.from(valid, Activation.SIGMOID));
            learner.thresholds(Arrays.stream(best).boxed().toList());
            learner.export(out.resolve("planet.safetensors"));
            // endregion

            // region submission
            var files = Items.imageFiles().find(test).items().stream()
                    .map(Item::path)
                    .toList();
            var outputs = tta.outputs(learner, learner.loaders().test(files));
            var result = Submission.of(out.resolve("submission.csv"))
                    .sample(sample)
                    .write(Submission.answers(outputs, learner.thresholds()));
            // endregion
            return result;
        }
    }
}
