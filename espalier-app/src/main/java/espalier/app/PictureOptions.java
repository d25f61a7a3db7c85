package espalier.app;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Source;
import espalier.data.Splits;
import espalier.data.TableSource;
import espalier.data.TargetBlock;
import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.image.Image;
import espalier.vision.Blocks;
import espalier.vision.ImageBlock;
import espalier.vision.augment.Normalize;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a folder of pictures becomes batches.
 *
 * @param size rows and columns of the pictures that the model sees, 224
 * @param batchSize pictures a batch; empty: 32, and 64 from 2,000 training pictures on
 * @param threads threads that read pictures; empty: one less than there are processors
 * @param split how validation pictures are chosen; empty: by folder where there are folders train and valid, else by chance
 * @param validShare the share for validation when they are chosen by chance, 0.2
 * @param variation how training pictures are varied, and how any picture becomes a square
 * @param allowTruncated whether truncated files are taken as far as they go
 * @param folders what the folders of the parts are called; empty: train, valid, test and the like
 * @param table where the labels are; empty: the class of a picture is the name of its folder
 * @param groupPattern a regular expression of which pictures stay together when parts are drawn, as of one patient: those whose paths
 *     agree in its first group; empty: each by itself, or as the table says
 * @param normalization by which means and deviations pictures are normalised
 */
public record PictureOptions(
        int size,
        Optional<Integer> batchSize,
        Optional<Integer> threads,
        Optional<Split> split,
        double validShare,
        Variation variation,
        boolean allowTruncated,
        Optional<Folders> folders,
        Optional<TableSource> table,
        Optional<String> groupPattern,
        Normalization normalization) {
    /**
     * What the folders of a data set's parts are called.
     *
     * @param train of pictures to train on
     * @param valid of pictures to judge by while training; empty: some of {@code train}, chosen by chance
     * @param test of pictures to judge the finished model by; empty: there is none
     */
    public record Folders(String train, Optional<String> valid, Optional<String> test) {
        private static Optional<Folders> like(RunOptions options) {
            return options.value("--train-folder", name -> name)
                    .map(train -> new Folders(
                            train,
                            options.value("--valid-folder", name -> name),
                            options.value("--test-folder", name -> name)));
        }

        private Map<String, String> asOptions() {
            Map<String, String> options = new LinkedHashMap<>();
            options.put("--train-folder", train);
            valid.ifPresent(name -> options.put("--valid-folder", name));
            test.ifPresent(name -> options.put("--test-folder", name));
            return options;
        }

        private Splits splits(Splits chance) {
            Map<String, Splits.Part> names = new LinkedHashMap<>();
            names.put(train, Splits.Part.TRAIN);
            valid.ifPresent(name -> names.put(name, Splits.Part.VALID));
            test.ifPresent(name -> names.put(name, Splits.Part.TEST));
            var named = Splits.byFolder(names);
            return valid.isPresent() ? named : Splits.validFromTraining(named, chance);
        }

        /** Folds of all pictures but those of the test. */
        private Splits folds(Splits drawn) {
            Map<String, Splits.Part> names = new LinkedHashMap<>();
            names.put(train, Splits.Part.TRAIN);
            valid.ifPresent(name -> names.put(name, Splits.Part.TRAIN));
            test.ifPresent(name -> names.put(name, Splits.Part.TEST));
            return Splits.validFromTraining(Splits.byFolder(names), drawn);
        }
    }

    /** How validation pictures are chosen. */
    public enum Split {
        /** By chance, the same ones whenever the seed is the same. */
        RANDOM,
        /** By chance, with each class's share of them. */
        STRATIFIED,
        /** By the names of folders: train, valid, test. */
        FOLDER
    }

    /** By which means and deviations pictures are normalised. */
    public enum Normalization {
        /** Those that the pretrained weights were made with. */
        WEIGHTS,
        /** ImageNet's. */
        IMAGENET,
        /** Those of the training pictures. */
        DATA
    }

    /** The defaults. */
    public static PictureOptions standard() {
        return new PictureOptions(
                224,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Splits.STANDARD_SHARE,
                Variation.standard(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Normalization.WEIGHTS);
    }

    /** Those with which a model was trained, by the options in its file; the usual ones where that does not say. */
    static PictureOptions like(ModelDocument made) {
        var usual = standard();
        var options = RunOptions.of(made);
        int size = made.transforms().stream()
                .map(step -> step.parameters().get("height"))
                .filter(Number.class::isInstance)
                .map(height -> ((Number) height).intValue())
                .findFirst()
                .orElse(usual.size);
        return new PictureOptions(
                size,
                options.value("--batch-size", Integer::valueOf),
                Optional.empty(),
                options.value("--split", text -> Split.valueOf(text.toUpperCase(Locale.ROOT))),
                options.validShare().orElse(usual.validShare),
                Variation.like(options),
                options.value("--allow-truncated", Boolean::valueOf).orElse(usual.allowTruncated),
                Folders.like(options),
                Optional.empty(),
                options.value("--group-pattern", text -> text),
                options.value("--normalize", text -> Normalization.valueOf(text.toUpperCase(Locale.ROOT)))
                        .orElse(usual.normalization));
    }

    /** The same with another size. */
    public PictureOptions size(int size) {
        return with(copy -> copy.size = size);
    }

    /** The same with a batch size. */
    public PictureOptions batchSize(int pictures) {
        return with(copy -> copy.batchSize = Optional.of(pictures));
    }

    /** The same with a number of reading threads. */
    public PictureOptions threads(int count) {
        return with(copy -> copy.threads = Optional.of(count));
    }

    /** The same with a split. */
    public PictureOptions split(Split split) {
        return with(copy -> copy.split = Optional.of(split));
    }

    /** The same with another share for validation. */
    public PictureOptions validShare(double share) {
        return with(copy -> copy.validShare = share);
    }

    /** The same with another augmentation. */
    public PictureOptions augment(Variation.Augment augment) {
        return variation(variation.augment(augment));
    }

    /** The same with another strength of augmentation. */
    public PictureOptions mult(double factor) {
        return variation(variation.mult(factor));
    }

    /** The same with another least share of the area. */
    public PictureOptions minScale(double share) {
        return variation(variation.minScale(share));
    }

    /** The same, varied otherwise. */
    public PictureOptions variation(Variation variation) {
        return with(copy -> copy.variation = variation);
    }

    /** The same with truncated files taken as far as they go, or left out. */
    public PictureOptions allowTruncated(boolean allow) {
        return with(copy -> copy.allowTruncated = allow);
    }

    /** The same with folders of other names. */
    public PictureOptions folders(Folders folders) {
        return with(copy -> copy.folders = Optional.of(folders));
    }

    /** The same with the labels in a table. */
    public PictureOptions table(TableSource table) {
        return with(copy -> copy.table = Optional.of(table));
    }

    /** The same with pictures kept together whose paths agree in the first group of a regular expression. */
    public PictureOptions groupPattern(String regex) {
        return with(copy -> copy.groupPattern = Optional.of(regex));
    }

    /** What decides about the batches, by the names of the command line. */
    Map<String, String> asOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--size", String.valueOf(size));
        options.put("--batch-size", batchSize.map(String::valueOf).orElse("automatic"));
        options.put("--split", split.map(PictureOptions::word).orElse("automatic"));
        options.put("--valid", String.valueOf(validShare));
        options.putAll(variation.asOptions());
        options.put("--allow-truncated", String.valueOf(allowTruncated));
        if (normalization != Normalization.WEIGHTS) {
            options.put("--normalize", word(normalization));
        }
        groupPattern.ifPresent(regex -> options.put("--group-pattern", regex));
        folders.ifPresent(names -> options.putAll(names.asOptions()));
        options.put("--csv", table.map(one -> one.table().file().toString()).orElse("none"));
        options.put("--tags", String.valueOf(table.isPresent() && table.get().tags()));
        table.ifPresent(one -> options.putAll(TableOptions.of(one)));
        return options;
    }

    /**
     * The options of the command line that give these, {@code "--size 128 --batch-size 8"}; without the usual ones.
     *
     * @param others options that are said otherwise
     */
    public String commandLine(String... others) {
        var usual = standard().asOptions();
        var said = List.of(others);
        return asOptions().entrySet().stream()
                .filter(option -> !said.contains(option.getKey()))
                .filter(option -> !option.getValue().equals(usual.get(option.getKey())))
                .map(option ->
                        option.getValue().equals("true") ? option.getKey() : option.getKey() + " " + option.getValue())
                .collect(Collectors.joining(" "));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The split, as training makes it: by folders or the table where they name parts, else by chance, but for what they keep for a
     * test.
     *
     * @throws IllegalArgumentException when the share for validation is not in (0, 1)
     */
    public Splits splits(long seed) {
        Splits chance = together(
                split.equals(Optional.of(Split.STRATIFIED))
                        ? Splits.stratified(validShare).seed(seed)
                        : Splits.random(validShare).seed(seed));
        if (folders.isPresent()) {
            return folders.get().splits(chance);
        }
        return split.map(said -> said == Split.FOLDER ? Splits.byFolder() : chance)
                .orElseGet(() -> Splits.validFromTraining(chance));
    }

    private Splits together(Splits.Drawn chance) {
        return groupPattern.isEmpty() ? chance : Splits.together(Pattern.compile(groupPattern.get()), chance);
    }

    /** The same with another normalisation. */
    public PictureOptions normalization(Normalization other) {
        return with(copy -> copy.normalization = other);
    }

    private PictureOptions with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return new PictureOptions(
                copy.size,
                copy.batchSize,
                copy.threads,
                copy.split,
                copy.validShare,
                copy.variation,
                copy.allowTruncated,
                copy.folders,
                copy.table,
                copy.groupPattern,
                copy.normalization);
    }

    /** The components, to change one of them. */
    private static final class Copy {
        private int size;
        private Optional<Integer> batchSize;
        private Optional<Integer> threads;
        private Optional<Split> split;
        private double validShare;
        private Variation variation;
        private boolean allowTruncated;
        private Optional<Folders> folders;
        private Optional<TableSource> table;
        private Optional<String> groupPattern;
        private Normalization normalization;

        Copy(PictureOptions from) {
            size = from.size;
            batchSize = from.batchSize;
            threads = from.threads;
            split = from.split;
            validShare = from.validShare;
            variation = from.variation;
            allowTruncated = from.allowTruncated;
            folders = from.folders;
            table = from.table;
            groupPattern = from.groupPattern;
            normalization = from.normalization;
        }
    }

    /** The normalisation of these batches; empty: that of the weights. */
    Optional<Normalize> normalize(Loaders<Image> loaders) {
        return switch (normalization) {
            case WEIGHTS -> Optional.empty();
            case IMAGENET -> Optional.of(Normalize.imagenet());
            case DATA -> Optional.of(Normalize.fromData(loaders.train()));
        };
    }

    /** One of {@code folds} folds of the pictures for training and validation; those kept for a test stay there. */
    public Splits fold(int fold, int folds, long seed) {
        Splits drawn = together(Splits.fold(fold, folds).seed(seed));
        return folders.map(names -> names.folds(drawn)).orElse(drawn);
    }

    /** Where pictures, labels and parts come from: the table, or else folders. */
    public Source source() {
        return table.<Source>map(one -> one).orElseGet(Source::folders);
    }

    /** Whether quantities are to be said of a picture, rather than classes or tags. */
    public boolean isOfNumbers() {
        return table.filter(one -> one.form() == TableSource.Form.NUMBERS).isPresent();
    }

    /** What is to be said of a picture. */
    private TargetBlock target() {
        if (table.isEmpty()) {
            return Blocks.category();
        }
        return switch (table.get().form()) {
            case CLASS -> Blocks.category();
            case TAGS -> Blocks.multiCategory();
            case NUMBERS -> Blocks.numbers(table.get().quantities().toArray(String[]::new));
        };
    }

    /**
     * The data block: what is read, split and varied in which way.
     *
     * @param seed of the split, the order and the augmentation
     * @throws IllegalArgumentException when an option is out of range
     */
    public DataBlock<Image> block(long seed) {
        ImageBlock images = allowTruncated ? Blocks.image().allowTruncated() : Blocks.image();
        var block = DataBlock.of(images, target())
                .source(source())
                .split(splits(seed))
                .seed(seed);
        for (var change : variation.changes(size)) {
            block = block.itemTransform(change);
        }
        block = variation.augmentation().map(block::batchTransform).orElse(block);
        if (batchSize.isPresent()) {
            block = block.batchSize(batchSize.get());
        }
        return threads.isPresent() ? block.threads(threads.get()) : block;
    }
}
