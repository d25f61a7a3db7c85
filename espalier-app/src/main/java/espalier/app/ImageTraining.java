package espalier.app;

import espalier.data.Dataset;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.data.Vectors;
import espalier.files.Destination;
import espalier.files.OutputLock;
import espalier.format.RunOptions;
import espalier.image.Image;
import espalier.interpret.Predictions;
import espalier.item.Items;
import espalier.loss.Activation;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.tensor.Device;
import espalier.train.Callback;
import espalier.train.Checkpoints;
import espalier.train.Cycle;
import espalier.train.Learner;
import espalier.train.Outputs;
import espalier.train.callback.NanGuard;
import espalier.vision.BodyFeatures;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import espalier.vision.model.TransferModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link TrainImage} made ready: its loaders and its learner. */
public final class ImageTraining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImageTraining.class);

    /** Guessing among a million classes costs 14 nats. */
    private static final double HOPELESS = 20;

    /** Hears what a training does besides epochs, and why. */
    public interface Listener {
        /** One that does not listen. */
        Listener NONE = line -> {};

        /** A line about a step that was done or a choice that was made. */
        void line(String line);

        /** How many views of pictures a frozen body has seen. */
        default void seen(long done, long total) {}

        /** A line with numbers in it, see {@link String#format}. */
        default void tell(String format, Object... values) {
            line(String.format(Locale.ROOT, format, values));
        }
    }

    private final TrainImage spec;
    private final OutputLock lock;
    private final Loaders<Image> loaders;
    private final Learner<Image> learner;
    private final long start;
    private final Optional<BodyFeatures> features;
    private Listener listener = Listener.NONE;
    private LongSupplier nanos = System::nanoTime;
    private long budgetFrom;

    private ImageTraining(
            TrainImage spec, OutputLock lock, Loaders<Image> loaders, Learner<Image> learner, long start) {
        this.spec = spec;
        this.lock = lock;
        this.loaders = loaders;
        this.learner = learner;
        this.start = start;
        this.budgetFrom = start;
        this.features = spec.recipe()
                .chosenViews()
                .map(views -> BodyFeatures.of(views).progress((done, total, message) -> listener.seen(done, total)));
        features.ifPresent(learner::precomputed);
    }

    /** Tells {@code heard} what the training does; returns this training. */
    public ImageTraining listener(Listener heard) {
        listener = heard;
        return this;
    }

    /**
     * Counts the time of a {@link Budget} from another moment, such as the start of the process. Returns this training.
     *
     * @param clock what time it is, as {@link System#nanoTime} has it
     * @param from when the budget began
     */
    public ImageTraining clock(LongSupplier clock, long from) {
        nanos = clock;
        budgetFrom = from;
        return this;
    }

    static ImageTraining of(TrainImage spec, Splits split) {
        long start = System.nanoTime();
        checkWritable(spec);
        var lock = lock(spec);
        try {
            return of(spec, split, lock, start);
        } catch (RuntimeException | Error failure) {
            release(lock);
            throw failure;
        }
    }

    private static OutputLock lock(TrainImage spec) {
        try {
            return OutputLock.take(spec.out());
        } catch (IOException held) {
            throw new UncheckedIOException(held.getMessage(), held);
        }
    }

    private static void release(OutputLock lock) {
        try {
            lock.close();
        } catch (IOException failure) {
            LOG.warn("a lock could not be removed: {}", failure.getMessage());
        }
    }

    private static ImageTraining of(TrainImage spec, Splits split, OutputLock lock, long start) {
        var architecture = Models.named(spec.model());
        var recipe = spec.recipe();
        var loaders = loaders(spec, split, spec.lastPictures());
        var begin = VisionLearner.Start.pretrained(architecture)
                .seed(spec.seed())
                .head(recipe.chosenHead())
                .details(details(spec, loaders));
        begin = spec.pictures().normalize(loaders).map(begin::normalize).orElse(begin);
        var weighted = recipe.weighted(loaders);
        var learner = VisionLearner.of(loaders, architecture, weighted.isPresent() ? begin.loss(weighted.get()) : begin)
                .precision(spec.precision());
        try {
            learner.device(spec.device().orElseGet(Device::best));
            recipe.stages().ifPresent(plan -> learner.stages(stages(spec, split, plan, learner)));
            spec.kit().fitOut(learner, spec.out(), spec.recorded(), Thresholds.chosen(recipe.thresholds(), loaders));
        } catch (RuntimeException unfit) {
            learner.close();
            throw unfit;
        }
        return new ImageTraining(spec, lock, loaders, learner, start);
    }

    private static Loaders<Image> loaders(TrainImage spec, Splits split, PictureOptions pictures) {
        return spec.recipe().sampled(pictures.block(spec.seed()).split(split).loaders(spec.data()));
    }

    /** The loaders of each stage, which normalise as the learner's do. */
    private static List<Loaders<Image>> stages(TrainImage spec, Splits split, Stages plan, Learner<Image> learner) {
        var changes = learner.loaders().batchTransforms();
        var normalize = changes.get(changes.size() - 1);
        return plan.loaders(
                spec.pictures(),
                learner.loaders(),
                pictures -> loaders(spec, split, pictures).with(normalize));
    }

    private static Map<String, Object> details(TrainImage spec, Loaders<Image> loaders) {
        Map<String, Object> details = new LinkedHashMap<>(RunOptions.details(spec.recorded()));
        details.putAll(TrainedOn.details(loaders.train().dataset().items()));
        details.putAll(spec.caption().details());
        return details;
    }

    /** Fails now rather than after hours of training. */
    private static void checkWritable(TrainImage spec) {
        try {
            Destination.fileBeside(spec.out(), spec.data(), Items.IMAGE_ENDINGS);
            if (spec.pictures().table().isPresent()) {
                Destination.fileBeside(
                        spec.out(), spec.pictures().table().get().table().file(), Set.of());
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable.getMessage(), unwritable);
        }
    }

    /**
     * Computes what the frozen body says about one share of the pictures, for somebody who puts all shares together.
     *
     * @return a vector for each view of each picture that can be read
     * @throws IllegalArgumentException when the body is not frozen for good
     */
    public Vectors features(int share, int shares) {
        var body = body().share(share, shares);
        learner.freeze();
        return body.vectors(learner, (TransferModel) learner.model())
                .orElseThrow(() -> new IllegalStateException("interrupted while features were computed"));
    }

    /** Takes features that were computed before, of all shares, and closes them. Returns this training. */
    public ImageTraining features(Vectors computed) {
        body().computed(computed);
        return this;
    }

    private BodyFeatures body() {
        return features.filter(any -> spec.recipe().freezeBody())
                .orElseThrow(
                        () -> new IllegalArgumentException("features are computed once where the body stays frozen."
                                + " Maybe give a recipe with freezeBody(true)."));
    }

    /** The loaders. */
    public Loaders<Image> loaders() {
        return loaders;
    }

    /** What the user should know about classes of different sizes; nothing when they are even and nothing was chosen. */
    public List<String> balance() {
        return spec.recipe().balance(loaders);
    }

    /** The learner. */
    public Learner<Image> learner() {
        return learner;
    }

    /**
     * Trains and writes the model file, see {@link TrainImage#run}; where several ranks train together, the first writes.
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
        spec.recipe()
                .stages()
                .map(plan -> new StageCallback(plan, spec.pictures(), spec.out(), listener))
                .ifPresent(learner::callback);
        boolean resumed = spec.resume() && checkpoints.exist();
        if (!resumed) {
            checkpoints.setAside().ifPresent(ImageTraining::tellOfOthers);
        }
        var heldOut = spec.recipe().budget().isPresent()
                ? withinBudget(resumed, checkpoints)
                : byEpochs(resumed, checkpoints);
        guard.reason().ifPresent(reason -> {
            throw new DataException("training was stopped, and no model is saved: " + reason);
        });
        if (!interrupted() && learner.rank() == 0) {
            searchThresholds(heldOut);
            learner.export(spec.out());
            checkpoints.delete();
        }
        return report(meter);
    }

    private Optional<Outputs> withinBudget(boolean resumed, Checkpoints checkpoints) {
        try (var budget = new BudgetTraining(spec, learner, features.orElseThrow(), listener, nanos, budgetFrom)) {
            if (resumed) {
                budget.resume(checkpoints);
            } else {
                budget.run();
            }
            return budget.heldOut();
        }
    }

    private Optional<Outputs> byEpochs(boolean resumed, Checkpoints checkpoints) {
        if (resumed) {
            checkpoints.resume(learner);
        } else if (spec.recipe().stages().isPresent()) {
            learner.run(spec.recipe().stages().get().plan(groups()));
        } else if (spec.recipe().freezeBody()) {
            learner.run(List.of(headAlone()));
        } else {
            learner.fineTune(spec.schedule());
        }
        return Optional.empty();
    }

    /**
     * Finds the thresholds of tags and tells what they are worth.
     *
     * @param heldOut predictions by models like this one of pictures that they were not trained on; empty: the validation pictures
     */
    private void searchThresholds(Optional<Outputs> heldOut) {
        var chosen = Thresholds.chosen(spec.recipe().thresholds(), loaders);
        if (chosen.isEmpty()) {
            return;
        }
        var outputs = heldOut.orElseGet(learner::predictions);
        if (outputs.items().isEmpty()) {
            listener.line("there are no validation pictures to search a threshold by: tags count above 0.5");
            return;
        }
        var predictions = Predictions.from(outputs, Activation.SIGMOID);
        var found = chosen.get().of(predictions);
        learner.thresholds(found);
        var score = chosen.get().search().score();
        listener.tell(
                "tags count above %s, on the %d %s pictures %s %.4f",
                found.size() == 1
                        ? String.format(Locale.ROOT, "%.2f", found.get(0))
                        : String.format(
                                Locale.ROOT,
                                "thresholds of their own, %.2f to %.2f",
                                Collections.min(found),
                                Collections.max(found)),
                predictions.size(),
                heldOut.isPresent() ? "held-out" : "validation",
                score.name(),
                score.of(predictions.thresholds(
                        found.stream().mapToDouble(Double::doubleValue).toArray())));
    }

    private int groups() {
        return ((TransferModel) learner.model()).parameterGroups().size();
    }

    /** All epochs with the body frozen. */
    private Cycle headAlone() {
        int groups = groups();
        var schedule = spec.schedule();
        return Cycle.of(
                "frozen",
                schedule.epochs(),
                groups - 1,
                Rates.of(schedule.lr()).forGroups(groups),
                schedule.unfrozen());
    }

    private boolean interrupted() {
        return learner.wasInterrupted() || learner.isInterrupted();
    }

    static void tellOfOthers(Path kept) {
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
                learner.history().kept(),
                learner.thresholds(),
                loaders.rejected(),
                warnings(),
                interrupted());
    }

    private List<String> warnings() {
        var warnings = new ArrayList<>(loaders.warnings());
        learner.history()
                .last()
                .filter(epoch -> loaders.target().hasClasses())
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

    /** Frees the learner, and lets others write the file. */
    @Override
    public void close() {
        learner.close();
        release(lock);
    }
}
