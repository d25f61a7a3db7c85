package espalier.app;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.image.Image;
import espalier.optim.Policies;
import espalier.optim.Policy;
import espalier.tensor.Device;
import espalier.train.Callback;
import espalier.train.Checkpoints;
import espalier.train.FineTune;
import espalier.train.Precision;
import espalier.vision.model.Models;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Transfer learning on a folder of pictures, one sub-folder a class: the job of {@code espalier train image}.
 *
 * <pre>{@code
 * TrainingReport report = TrainImage.of(Path.of("dogs"), Path.of("dogs.safetensors"))
 *         .schedule(FineTune.of(4))
 *         .run();
 * }</pre>
 *
 * @param data the folder
 * @param out the model file to write
 * @param model a name of the catalogue of models, {@code "efficientnet-lite0"}
 * @param pictures how the folder becomes batches
 * @param schedule epochs and learning rate, fastai's {@code fine_tune} with 4 epochs
 * @param recipe what is trained of the network, on what: head, frozen body, balance of classes; fastai's way
 * @param kit optimiser, averaging, mixing, logs and the like, none by default
 * @param precision in which type to compute
 * @param device where to compute; empty, as by default, for {@link Device#best}
 * @param seed of the split, the order, the augmentation and the new head, 42
 * @param resume whether to go on from the checkpoints that an interrupted run left beside {@code out}
 * @param acceptChangedData whether to go on also when training files were added, removed or changed since
 * @param caption what the model is called, nothing unless told
 */
public record TrainImage(
        Path data,
        Path out,
        String model,
        PictureOptions pictures,
        FineTune schedule,
        Recipe recipe,
        TrainingKit kit,
        Precision precision,
        Optional<Device> device,
        long seed,
        boolean resume,
        boolean acceptChangedData,
        Caption caption)
        implements RunSpec<TrainingReport> {
    static final long STANDARD_SEED = Splits.STANDARD_SEED;

    /** The defaults for a folder and a model file. */
    public static TrainImage of(Path data, Path out) {
        return new TrainImage(
                data,
                out,
                "efficientnet-lite0",
                PictureOptions.standard(),
                FineTune.of(4),
                Recipe.standard(),
                TrainingKit.NONE,
                Precision.AUTO,
                Optional.empty(),
                STANDARD_SEED,
                false,
                false,
                Caption.NONE);
    }

    /**
     * A training like the one that made a model, by the options in its file; what that does not say, as of a model that a
     * program made, is as usual, with as many epochs as its history has.
     *
     * @throws espalier.format.ModelFileException when an option is not what it must be
     */
    public static TrainImage like(ModelDocument made, Path data, Path out) {
        var options = RunOptions.of(made);
        int frozen =
                options.value("--freeze-epochs", Integer::valueOf).orElseGet(() -> Math.max(1, epochs(made, "frozen")));
        var schedule = FineTune.of(
                        options.value("--epochs", Integer::valueOf).orElseGet(() -> epochs(made, "unfrozen")))
                .freezeEpochs(frozen);
        schedule = schedule.policies(
                options.value("--freeze-schedule", Policies::parse).orElse(schedule.frozen()),
                options.value("--schedule", Policies::parse).orElse(schedule.unfrozen()));
        return TrainImage.of(data, out)
                .model(made.architecture().name())
                .pictures(PictureOptions.like(made))
                .schedule(
                        options.value("--lr", Double::valueOf).map(schedule::lr).orElse(schedule))
                .recipe(Recipe.like(options))
                .kit(TrainingKit.like(options))
                .precision(options.value("--precision", text -> Precision.valueOf(text.toUpperCase(Locale.ROOT)))
                        .orElse(Precision.AUTO))
                .seed(options.seed().orElse(STANDARD_SEED))
                .caption(new Caption(made.title().orElse(""), made.description().orElse("")));
    }

    private static int epochs(ModelDocument made, String phase) {
        return (int) made.history().stream()
                .filter(row -> phase.equals(row.get("phase")))
                .count();
    }

    /** The same with another model file to write. */
    public TrainImage out(Path file) {
        return with(copy -> copy.out = file);
    }

    /** The same with another model. */
    public TrainImage model(String name) {
        return with(copy -> copy.model = name);
    }

    /** The same with other batches. */
    public TrainImage pictures(PictureOptions options) {
        return with(copy -> copy.pictures = options);
    }

    /** The same with other epochs or another learning rate. */
    public TrainImage schedule(FineTune schedule) {
        return with(copy -> copy.schedule = schedule);
    }

    /** The same with another recipe. */
    public TrainImage recipe(Recipe recipe) {
        return with(copy -> copy.recipe = recipe);
    }

    /** The same with another optimiser, averaging, logs and the like. */
    public TrainImage kit(TrainingKit kit) {
        return with(copy -> copy.kit = kit);
    }

    /** The same in another precision. */
    public TrainImage precision(Precision precision) {
        return with(copy -> copy.precision = precision);
    }

    /** The same on another device. */
    public TrainImage device(Device device) {
        return with(copy -> copy.device = Optional.of(device));
    }

    /** The same with another seed. */
    public TrainImage seed(long seed) {
        return with(copy -> copy.seed = seed);
    }

    /** The same, going on from checkpoints or from the beginning. */
    public TrainImage resume(boolean resume) {
        return with(copy -> copy.resume = resume);
    }

    /** The same, which with true goes on from checkpoints, also when training files were added, removed or changed since. */
    public TrainImage acceptChangedData(boolean accept) {
        return with(copy -> {
            copy.resume |= accept;
            copy.acceptChangedData = accept;
        });
    }

    /** The same with a title and a description in the model file. */
    public TrainImage caption(Caption caption) {
        return with(copy -> copy.caption = caption);
    }

    private TrainImage with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return new TrainImage(
                data,
                copy.out,
                copy.model,
                copy.pictures,
                copy.schedule,
                copy.recipe,
                copy.kit,
                copy.precision,
                copy.device,
                copy.seed,
                copy.resume,
                copy.acceptChangedData,
                copy.caption);
    }

    /** The components, to change one of them. */
    private static final class Copy {
        private Path out;
        private String model;
        private PictureOptions pictures;
        private FineTune schedule;
        private Recipe recipe;
        private TrainingKit kit;
        private Precision precision;
        private Optional<Device> device;
        private long seed;
        private boolean resume;
        private boolean acceptChangedData;
        private Caption caption;

        Copy(TrainImage from) {
            out = from.out;
            model = from.model;
            pictures = from.pictures;
            schedule = from.schedule;
            recipe = from.recipe;
            kit = from.kit;
            precision = from.precision;
            device = from.device;
            seed = from.seed;
            resume = from.resume;
            acceptChangedData = from.acceptChangedData;
            caption = from.caption;
        }
    }

    @Override
    public String task() {
        return "train image";
    }

    /** Where checkpoints are kept until the run has come to its end: a folder beside {@link #out}. */
    public Checkpoints checkpoints() {
        var checkpoints = Checkpoints.beside(out).options(options());
        return acceptChangedData ? checkpoints.acceptChangedData() : checkpoints;
    }

    /** What must be the same for a run to be resumed, by the names of the command line. */
    private Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--model", Models.named(model).name());
        options.put("--epochs", String.valueOf(schedule.epochs()));
        options.put("--freeze-epochs", String.valueOf(schedule.freezeEpochs()));
        options.put("--lr", String.valueOf(schedule.lr()));
        options.put("--seed", String.valueOf(seed));
        options.put(
                "--precision",
                precision.on(device.orElseGet(Device::best)).dtype().name().toLowerCase(Locale.ROOT));
        options.putAll(pictures.asOptions());
        options.putAll(recipe.asOptions());
        var usual = FineTune.of(0);
        putUnless(usual.unfrozen(), schedule.unfrozen(), "--schedule", options);
        putUnless(usual.frozen(), schedule.frozen(), "--freeze-schedule", options);
        options.putAll(kit.asOptions());
        return options;
    }

    private static void putUnless(Policy usual, Policy chosen, String name, Map<String, String> options) {
        if (!chosen.equals(usual)) {
            options.put(name, chosen.text());
        }
    }

    /** What the model file says of the run, and {@link #like} reads: all but where a table lay on this machine. */
    public Map<String, String> recorded() {
        var recorded = options();
        recorded.remove("--csv");
        return recorded;
    }

    /** How pictures become batches in the end: as given, or as the last of the stages says. */
    PictureOptions lastPictures() {
        return recipe.stages().map(plan -> plan.last(pictures)).orElse(pictures);
    }

    /**
     * The data block: what is read, split and varied in which way.
     *
     * @throws IllegalArgumentException when an option is out of range
     */
    public DataBlock<Image> dataBlock() {
        return pictures.block(seed);
    }

    /** The loaders of the folder. @throws espalier.report.DataException when it holds nothing to train on */
    public Loaders<Image> loaders() {
        return dataBlock().loaders(data);
    }

    /**
     * Makes everything ready to train, for those who want to see or change parts first.
     *
     * @throws java.io.UncheckedIOException when {@link #out} cannot be written
     * @throws espalier.report.DataException when the folder holds nothing to train on
     */
    public ImageTraining open() {
        return ImageTraining.of(this, pictures.splits(seed));
    }

    /** The same by another split than that of the options, such as one of k folds; the model file does not say so. */
    public ImageTraining open(Splits split) {
        return ImageTraining.of(this, split);
    }

    /**
     * Trains, writes the model file and removes the checkpoints; after {@link espalier.train.Learner#interrupt} the
     * checkpoints stay and nothing else is written.
     */
    @Override
    public TrainingReport run(Callback... callbacks) {
        try (var training = open()) {
            return training.run(callbacks);
        }
    }
}
