package espalier.app;

import espalier.data.DataBlock;
import espalier.data.Splits;
import espalier.interpret.Plot;
import espalier.interpret.Plots;
import espalier.report.Rejected;
import espalier.train.LrFinder;
import espalier.train.Precision;
import espalier.vision.Blocks;
import espalier.vision.Transforms;
import espalier.vision.VisionLearner;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Models;
import java.nio.file.Path;
import java.util.List;

/**
 * The job of finding a learning rate for pictures: the mock training of {@link LrFinder} with the pretrained body
 * frozen, as the first epoch of fine-tuning has it.
 *
 * @param data the folder with one sub-folder a class
 * @param model the architecture's name
 * @param size the pictures' height and width in pixels
 * @param batchSize how many pictures a step
 * @param seed of everything random
 * @param precision in which convolutions are computed
 */
public record FindLr(Path data, String model, int size, int batchSize, long seed, Precision precision) {
    /** EfficientNet-Lite0, 224 pixels, 32 a batch, seed 42, the machine's best precision. */
    public static FindLr of(Path data) {
        return new FindLr(data, "efficientnet-lite0", 224, 32, 42, Precision.AUTO);
    }

    /** A copy for another architecture. */
    public FindLr model(String model) {
        return new FindLr(data, model, size, batchSize, seed, precision);
    }

    /** A copy with another size in pixels. */
    public FindLr size(int size) {
        return new FindLr(data, model, size, batchSize, seed, precision);
    }

    /** A copy with another batch size. */
    public FindLr batchSize(int batchSize) {
        return new FindLr(data, model, size, batchSize, seed, precision);
    }

    /** A copy with another seed. */
    public FindLr seed(long seed) {
        return new FindLr(data, model, size, batchSize, seed, precision);
    }

    /** A copy with another precision. */
    public FindLr precision(Precision precision) {
        return new FindLr(data, model, size, batchSize, seed, precision);
    }

    /**
     * What came out.
     *
     * @param curve the rates, the losses and the suggestions
     * @param seconds how long it took
     * @param rejected the files that were left out
     */
    public record Result(LrFinder.Result curve, double seconds, List<Rejected> rejected) {
        /** The curve as a plot. */
        public Plot plot() {
            return Plots.lrFinder(curve.lrs(), curve.losses(), curve.suggestions());
        }
    }

    /**
     * Searches; nothing is written.
     *
     * @throws espalier.data.DataException when there is nothing to train on
     * @throws espalier.model.ModelFileException when the pretrained weights are not to be had
     */
    public Result run() {
        var architecture = Models.named(model);
        long start = System.nanoTime();
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.random(0.2).seed(seed))
                .itemTransform(Transforms.randomResizedCrop(size))
                .batchTransform(Augmentations.standard())
                .batchSize(batchSize)
                .seed(seed)
                .loaders(data);
        var begin = VisionLearner.Start.pretrained(architecture).seed(seed);
        try (var learner = VisionLearner.of(loaders, architecture, begin).precision(precision)) {
            var curve = learner.lrFind();
            return new Result(curve, (System.nanoTime() - start) / 1e9, loaders.rejected());
        }
    }
}
