package espalier.app;

import espalier.data.DataException;
import espalier.data.Dataset;
import espalier.data.Items;
import espalier.data.Loaders;
import espalier.data.TargetBlock;
import espalier.files.Destination;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.model.RunOptions;
import espalier.train.Callback;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link TrainImage} made ready: its loaders and its learner. */
public final class ImageTraining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImageTraining.class);

    /** Guessing among a million classes costs 14 nats. */
    private static final double HOPELESS = 20;

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
        checkWritable(spec);
        var architecture = Models.named(spec.model());
        var loaders = spec.loaders();
        var begin = VisionLearner.Start.pretrained(architecture)
                .seed(spec.seed())
                .details(RunOptions.details(spec.recorded()));
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
    private static void checkWritable(TrainImage spec) {
        try {
            Destination.fileBeside(spec.out(), spec.data(), Items.IMAGE_ENDINGS);
            if (spec.pictures().table().isPresent()) {
                Destination.fileBeside(spec.out(), spec.pictures().table().get().csv(), Set.of());
            }
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
     * <p>Checkpoints of an earlier, interrupted run that is not to be resumed are set aside, not replaced.
     *
     * @throws DataException when the loss or a weight stopped being a number; no model file is written then
     */
    public TrainingReport run(Callback... callbacks) {
        var checkpoints = spec.checkpoints();
        var meter = new Meter();
        var guard = new NanGuard();
        learner.callback(meter).callback(guard).callback(checkpoints);
        List.of(callbacks).forEach(learner::callback);
        if (spec.resume() && checkpoints.exist()) {
            checkpoints.resume(learner);
        } else {
            checkpoints.setAside().ifPresent(ImageTraining::tellOfOthers);
            learner.fineTune(spec.schedule());
        }
        guard.reason().ifPresent(reason -> {
            throw new DataException("training was stopped, and no model is saved: " + reason);
        });
        if (!learner.wasInterrupted()) {
            learner.export(spec.out());
            checkpoints.delete();
        }
        return report(meter);
    }

    private static void tellOfOthers(Path kept) {
        LOG.warn(
                "an earlier run that did not come to its end left checkpoints, which are kept in {}; this run starts"
                        + " anew. Maybe --resume was meant: move them back for that.",
                kept);
    }

    private TrainingReport report(Meter meter) {
        return new TrainingReport(
                Models.named(spec.model()).name(),
                loaders.classes(),
                usable(loaders.train().dataset()),
                usable(loaders.valid().dataset()),
                learner.precision().dtype(),
                (System.nanoTime() - start) / 1e9,
                meter.imagesPerSecond(),
                learner.history().epochs(),
                loaders.rejected(),
                warnings(),
                learner.wasInterrupted());
    }

    private List<String> warnings() {
        var warnings = new ArrayList<>(loaders.warnings());
        learner.history()
                .last()
                .filter(epoch ->
                        epoch.validLoss().isPresent() && epoch.validLoss().getAsDouble() > HOPELESS)
                .ifPresent(
                        epoch -> warnings.add(
                                "the validation loss is " + epoch.validLoss().getAsDouble()
                                        + ", far worse than guessing. Maybe the learning rate is too large: try a tenth of it"));
        return warnings;
    }

    private static int usable(Dataset part) {
        return part.size() - part.rejected().size();
    }

    /** Counts pictures and time. */
    private static final class Meter implements Callback {
        private long images;
        private long begin;
        private double seconds;

        @Override
        public Phase phase() {
            return Phase.PREPARE;
        }

        @Override
        public void beforeFit(Fit fit) {
            begin = System.nanoTime();
        }

        @Override
        public void afterBatch(Fit fit, Step step) {
            images += step.batch().size();
        }

        @Override
        public void afterFit(Fit fit) {
            seconds = (System.nanoTime() - begin) / 1e9;
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
