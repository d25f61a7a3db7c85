package espalier.app;

import espalier.data.DataBlock;
import espalier.data.Item;
import espalier.data.Splits;
import espalier.files.Journal;
import espalier.model.ModelDocument;
import espalier.model.RunOptions;
import espalier.vision.Blocks;
import espalier.vision.ImageBlock;
import espalier.vision.Transforms;
import espalier.vision.augment.Augmentations;
import espalier.vision.image.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a folder of pictures becomes batches.
 *
 * @param size rows and columns of the pictures that the model sees, 224
 * @param batchSize pictures a batch; empty: 32, and 64 from 2,000 training pictures on
 * @param threads threads that read pictures; empty: one less than there are processors
 * @param split how validation pictures are chosen; empty: by folder where there are folders train and valid, else by chance
 * @param validShare the share for validation when they are chosen by chance, 0.2
 * @param augment how training pictures are varied
 * @param mult how strongly: fastai's factor on rotation, lighting and warp, 2
 * @param minScale least share of a picture's area that a training crop shows, 0.08 as fastai's
 * @param allowTruncated whether truncated files are taken as far as they go
 * @param table where the labels are; empty: the class of a picture is the name of its folder
 */
public record PictureOptions(
        int size,
        Optional<Integer> batchSize,
        Optional<Integer> threads,
        Optional<Split> split,
        double validShare,
        Augment augment,
        double mult,
        double minScale,
        boolean allowTruncated,
        Optional<Table> table) {
    /**
     * Labels in a CSV file, see {@link espalier.clean.TableSet}.
     *
     * @param csv the file
     * @param tags whether a picture has any number of labels, with spaces between, or just one
     */
    public record Table(Path csv, boolean tags) {}

    /** How validation pictures are chosen. */
    public enum Split {
        /** By chance, the same ones whenever the seed is the same. */
        RANDOM,
        /** By the names of folders: train, valid, test. */
        FOLDER
    }

    /** How training pictures are varied. */
    public enum Augment {
        /** Only by the random crop. */
        NONE,
        /** Also turned, warped, zoomed, flipped and relit, as by fastai's {@code aug_transforms}. */
        STANDARD
    }

    /** The defaults. */
    public static PictureOptions standard() {
        return new PictureOptions(
                224,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0.2,
                Augment.STANDARD,
                2,
                0.08,
                false,
                Optional.empty());
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
                options.value("--augment", text -> Augment.valueOf(text.toUpperCase(Locale.ROOT)))
                        .orElse(usual.augment),
                options.value("--mult", Double::valueOf).orElse(usual.mult),
                options.value("--min-scale", Double::valueOf).orElse(usual.minScale),
                options.value("--allow-truncated", Boolean::valueOf).orElse(usual.allowTruncated),
                Optional.empty());
    }

    /** The same with another size. */
    public PictureOptions size(int size) {
        return new PictureOptions(
                size, batchSize, threads, split, validShare, augment, mult, minScale, allowTruncated, table);
    }

    /** The same with a batch size. */
    public PictureOptions batchSize(int pictures) {
        return new PictureOptions(
                size,
                Optional.of(pictures),
                threads,
                split,
                validShare,
                augment,
                mult,
                minScale,
                allowTruncated,
                table);
    }

    /** The same with a number of reading threads. */
    public PictureOptions threads(int count) {
        return new PictureOptions(
                size, batchSize, Optional.of(count), split, validShare, augment, mult, minScale, allowTruncated, table);
    }

    /** The same with a split. */
    public PictureOptions split(Split split) {
        return new PictureOptions(
                size,
                batchSize,
                threads,
                Optional.of(split),
                validShare,
                augment,
                mult,
                minScale,
                allowTruncated,
                table);
    }

    /** The same with another share for validation. */
    public PictureOptions validShare(double share) {
        return new PictureOptions(
                size, batchSize, threads, split, share, augment, mult, minScale, allowTruncated, table);
    }

    /** The same with another augmentation. */
    public PictureOptions augment(Augment augment) {
        return new PictureOptions(
                size, batchSize, threads, split, validShare, augment, mult, minScale, allowTruncated, table);
    }

    /** The same with another strength of augmentation. */
    public PictureOptions mult(double factor) {
        return new PictureOptions(
                size, batchSize, threads, split, validShare, augment, factor, minScale, allowTruncated, table);
    }

    /** The same with another least share of the area. */
    public PictureOptions minScale(double share) {
        return new PictureOptions(
                size, batchSize, threads, split, validShare, augment, mult, share, allowTruncated, table);
    }

    /** The same with truncated files taken as far as they go, or left out. */
    public PictureOptions allowTruncated(boolean allow) {
        return new PictureOptions(size, batchSize, threads, split, validShare, augment, mult, minScale, allow, table);
    }

    /** The same with the labels in a table. */
    public PictureOptions table(Table table) {
        return new PictureOptions(
                size,
                batchSize,
                threads,
                split,
                validShare,
                augment,
                mult,
                minScale,
                allowTruncated,
                Optional.of(table));
    }

    /** What decides about the batches, by the names of the command line. */
    Map<String, String> asOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--size", String.valueOf(size));
        options.put("--batch-size", batchSize.map(String::valueOf).orElse("automatic"));
        options.put("--split", split.map(PictureOptions::word).orElse("automatic"));
        options.put("--valid", String.valueOf(validShare));
        options.put("--augment", word(augment));
        options.put("--mult", String.valueOf(mult));
        options.put("--min-scale", String.valueOf(minScale));
        options.put("--allow-truncated", String.valueOf(allowTruncated));
        options.put("--csv", table.map(one -> one.csv().toString()).orElse("none"));
        options.put("--tags", String.valueOf(table.isPresent() && table.get().tags()));
        return options;
    }

    /** The options of the command line that give these, {@code "--size 128 --batch-size 8"}; without the usual ones. */
    public String commandLine() {
        var usual = standard().asOptions();
        return asOptions().entrySet().stream()
                .filter(option -> !option.getValue().equals(usual.get(option.getKey())))
                .map(option ->
                        option.getValue().equals("true") ? option.getKey() : option.getKey() + " " + option.getValue())
                .collect(Collectors.joining(" "));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The split of a folder, as training makes it: by folders where there are folders train and valid, else by chance.
     *
     * @throws IllegalArgumentException when the share for validation is not in (0, 1)
     */
    public Splits splits(Path folder, long seed) {
        boolean folders = split.map(Split.FOLDER::equals).orElseGet(() -> hasParts(folder));
        return folders
                ? Splits.byFolder()
                : byOrigin(folder, Splits.random(validShare).seed(seed));
    }

    /** What was cleaned stays in its part: it is drawn by the path at which the picture was at first. */
    private static Splits byOrigin(Path folder, Splits random) {
        return (items, labels) -> {
            try {
                var origins = Journal.of(folder).origins();
                var first = items.stream()
                        .map(item -> new Item(origins.getOrDefault(item.id(), item.id()), item.path()))
                        .toList();
                return random.split(first, labels);
            } catch (IOException unreadable) {
                throw new UncheckedIOException("the journal of " + folder + " cannot be read", unreadable);
            }
        };
    }

    /**
     * The data block: what is read, split and varied in which way.
     *
     * @param seed of the split, the order and the augmentation
     * @throws IllegalArgumentException when an option is out of range
     */
    public DataBlock<Image> block(Path folder, long seed) {
        ImageBlock images = allowTruncated ? Blocks.image().allowTruncated() : Blocks.image();
        var block = labelled(images, folder, seed)
                .itemTransform(Transforms.randomResizedCrop(size).minScale(minScale))
                .seed(seed);
        if (augment == Augment.STANDARD) {
            block = block.batchTransform(Augmentations.standard().mult(mult));
        }
        if (batchSize.isPresent()) {
            block = block.batchSize(batchSize.get());
        }
        return threads.isPresent() ? block.threads(threads.get()) : block;
    }

    private DataBlock<Image> labelled(ImageBlock images, Path folder, long seed) {
        if (table.isEmpty()) {
            return DataBlock.of(images, Blocks.category()).split(splits(folder, seed));
        }
        boolean tags = table.get().tags();
        var pictures = TablePictures.of(folder, table.get().csv(), tags ? " " : "");
        return DataBlock.of(images, tags ? Blocks.multiCategory() : Blocks.category())
                .items(root -> pictures.found())
                .label(pictures::labels)
                .split(pictures.splits().orElseGet(() -> splits(folder, seed)));
    }

    private static boolean hasParts(Path folder) {
        return Files.isDirectory(folder.resolve("train"))
                && List.of("valid", "val", "validation").stream()
                        .anyMatch(name -> Files.isDirectory(folder.resolve(name)));
    }
}
