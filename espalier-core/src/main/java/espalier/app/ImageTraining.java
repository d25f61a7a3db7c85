package espalier.app;

import espalier.data.DataException;
import espalier.data.Loaders;
import espalier.data.TargetBlock;
import espalier.files.Destination;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.train.Callback;
import espalier.train.Checkpoints;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Step;
import espalier.train.callback.NanGuard;
import espalier.vision.VisionLearner;
import espalier.vision.image.Image;
import espalier.vision.model.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A {@link TrainImage} made ready: its loaders and its learner. */
public final class ImageTraining implements AutoCloseable {
    private final TrainImage spec;
    private final Loaders<Image> loaders;
    private final Learner<Image> learner;
    private final long start;

    private ImageTraining(TrainImage spec, Loaders<Image> loaders, Learner<Image> learner, long start) {
        this.spec = spec;
        this.loaders = loaders;
        this.learner = learner;
        this.start = start;
    }

    static ImageTraining of(TrainImage spec) {
        long start = System.nanoTime();
        checkWritable(spec.out());
        var architecture = Models.named(spec.model());
        var loaders = spec.loaders();
        var begin = VisionLearner.Start.pretrained(architecture).seed(spec.seed());
        var learner = VisionLearner.of(loaders, architecture, begin)
                .metrics(metric(loaders.target()))
                .precision(spec.precision());
        return new ImageTraining(spec, loaders, learner, start);
    }

    private static Metric metric(TargetBlock target) {
        return switch (target.kind()) {
            case CATEGORY -> Metrics.errorRate();
            case MULTI_CATEGORY -> Metrics.accuracyMulti();
        };
    }

    /** Fails now rather than after hours of training. */
    private static void checkWritable(Path out) {
        try {
            Destination.file(out);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable.getMessage(), unwritable);
        }
    }

    /** The loaders. */
    public Loaders<Image> loaders() {
        return loaders;
    }

    /** The learner. */
    public Learner<Image> learner() {
        return learner;
    }

    /**
     * Trains and writes the model file, see {@link TrainImage#run}.
     *
     * @throws DataException when the loss stopped being a number
     */
    public TrainingReport run(Callback... callbacks) {
        var checkpoints = Checkpoints.in(spec.checkpoints());
        var meter = new Meter();
        learner.callback(meter).callback(new NanGuard()).callback(checkpoints);
        List.of(callbacks).forEach(learner::callback);
        if (spec.resume() && checkpoints.exist()) {
            checkpoints.resume(learner);
        } else {
            learner.fineTune(spec.schedule());
        }
        if (meter.diverged()) {
            throw new DataException("training was stopped: " + meter.stopReason.orElse("the loss is not finite"));
        }
        if (!learner.wasInterrupted()) {
            learner.export(spec.out());
            checkpoints.delete();
        }
        return report(meter);
    }

    private TrainingReport report(Meter meter) {
        return new TrainingReport(
                Models.named(spec.model()).name(),
                loaders.classes(),
                loaders.train().dataset().size(),
                loaders.valid().dataset().size(),
                learner.precision().dtype(),
                (System.nanoTime() - start) / 1e9,
                meter.imagesPerSecond(),
                learner.history().epochs(),
                loaders.rejected(),
                learner.wasInterrupted());
    }

    /** Counts pictures and time. */
    private static final class Meter implements Callback {
        private long images;
        private long begin;
        private double seconds;
        private double lastLoss;
        private Optional<String> stopReason = Optional.empty();

        @Override
        public Phase phase() {
            return Phase.PREPARE;
        }

        @Override
        public void beforeFit(Fit fit) {
            begin = System.nanoTime();
        }

        @Override
        public void afterLoss(Fit fit, Step step) {
            lastLoss = step.loss();
        }

        @Override
        public void afterBatch(Fit fit, Step step) {
            images += step.batch().size();
        }

        @Override
        public void afterFit(Fit fit) {
            seconds = (System.nanoTime() - begin) / 1e9;
            stopReason = fit.stopReason();
        }

        boolean diverged() {
            return stopReason.isPresent() && !Double.isFinite(lastLoss);
        }

        double imagesPerSecond() {
            return seconds > 0 ? images / seconds : 0;
        }
    }

    /** Frees the learner. */
    @Override
    public void close() {
        learner.close();
    }
}
