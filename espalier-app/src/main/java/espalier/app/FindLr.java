package espalier.app;

import espalier.interpret.Plot;
import espalier.interpret.Plots;
import espalier.report.Progress;
import espalier.report.Rejected;
import espalier.tensor.Device;
import espalier.train.LrFinder;
import espalier.train.Precision;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The job of finding a learning rate for pictures: the mock training of {@link LrFinder} with the pretrained body
 * frozen, as the first epoch of fine-tuning has it.
 *
 * @param data the folder with one sub-folder a class
 * @param model the architecture's name
 * @param pictures how the folder becomes batches, as in training
 * @param seed of everything random
 * @param precision in which convolutions are computed
 * @param device where to compute
 */
public record FindLr(Path data, String model, PictureOptions pictures, long seed, Precision precision, Device device) {
    /** Of fewer, every step sees the same few pictures, and the curve says nothing of a training. */
    private static final int LEAST_PICTURES = 8;

    /** Training's defaults: EfficientNet-Lite0, 224 pixels, seed 42, the machine's best precision and device. */
    public static FindLr of(Path data) {
        return new FindLr(
                data,
                "efficientnet-lite0",
                PictureOptions.standard(),
                TrainImage.STANDARD_SEED,
                Precision.AUTO,
                Device.best());
    }

    /** A copy for another architecture. */
    public FindLr model(String model) {
        return new FindLr(data, model, pictures, seed, precision, device);
    }

    /** A copy for batches made otherwise. */
    public FindLr pictures(PictureOptions options) {
        return new FindLr(data, model, options, seed, precision, device);
    }

    /** A copy with another seed. */
    public FindLr seed(long seed) {
        return new FindLr(data, model, pictures, seed, precision, device);
    }

    /** A copy that computes elsewhere. */
    public FindLr device(Device device) {
        return new FindLr(data, model, pictures, seed, precision, device);
    }

    /** A copy with another precision. */
    public FindLr precision(Precision precision) {
        return new FindLr(data, model, pictures, seed, precision, device);
    }

    /**
     * What came out.
     *
     * @param curve the rates, the losses and the suggestions, none where there are too few pictures or steps
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
     * @throws espalier.report.DataException when there is nothing to train on
     * @throws espalier.format.ModelFileException when the pretrained weights are not to be had
     */
    public Result run() {
        return run(Progress.NONE);
    }

    /** The same, and says how far it is. */
    public Result run(Progress progress) {
        var architecture = Models.named(model);
        long start = System.nanoTime();
        var loaders = pictures.block(seed).loaders(data);
        var begin = VisionLearner.Start.pretrained(architecture).seed(seed);
        try (var learner = VisionLearner.of(loaders, architecture, begin)
                .precision(precision)
                .device(device)) {
            var found = learner.lrFind(progress);
            boolean tooFew = loaders.train().dataset().size() < LEAST_PICTURES;
            var curve = tooFew ? new LrFinder.Result(found.lrs(), found.losses(), Map.of()) : found;
            return new Result(curve, (System.nanoTime() - start) / 1e9, loaders.rejected());
        }
    }
}
