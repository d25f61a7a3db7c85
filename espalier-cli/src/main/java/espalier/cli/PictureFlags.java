package espalier.cli;

import espalier.app.PictureOptions;
import espalier.app.Variation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how a folder of pictures becomes batches. */
final class PictureFlags {
    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            defaultValue = "224",
            description = "Rows and columns of the pictures that the model sees (${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Pictures a batch (32; 64 from 2,000 training pictures on).")
    private Optional<Integer> batchSize = Optional.empty();

    @Option(
            names = "--valid",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "Share of the pictures kept for validation (${DEFAULT-VALUE}).")
    private double valid;

    @Option(
            names = "--split",
            paramLabel = "random|stratified|folder",
            description =
                    "How validation pictures are chosen: by chance, by chance with each class's share of them, or by"
                            + " folders (folder where there are train and valid, else random).")
    private Optional<PictureOptions.Split> split = Optional.empty();

    @Option(
            names = "--group-pattern",
            paramLabel = "REGEX",
            description =
                    "Pictures whose paths below DIR agree in what the first group of this matches stay together when"
                            + " validation is drawn, as those of a patient by 'patient([0-9]+)' (none; for tables --group-column).")
    private Optional<String> groupPattern = Optional.empty();

    @Option(
            names = "--train-folder",
            paramLabel = "NAME",
            description = "The folder of training pictures in DIR, where it is not named train, training ...")
    private Optional<String> trainFolder = Optional.empty();

    @Option(
            names = "--valid-folder",
            paramLabel = "NAME",
            description = "That of validation pictures (a share of the training pictures, see --valid).")
    private Optional<String> validFolder = Optional.empty();

    @Option(names = "--test-folder", paramLabel = "NAME", description = "That of pictures kept for a test (none).")
    private Optional<String> testFolder = Optional.empty();

    @Option(
            names = "--augment",
            paramLabel = "standard|randaugment|trivial|none",
            defaultValue = "STANDARD",
            description =
                    "How training pictures are varied besides --resize-method: as fastai does, by RandAugment or TrivialAugment"
                            + " as in torchvision, or not at all (standard).")
    private Variation.Augment augment = Variation.Augment.STANDARD;

    @Option(
            names = "--mult",
            paramLabel = "FACTOR",
            defaultValue = "2",
            description = "How strongly training pictures are varied (${DEFAULT-VALUE}).")
    private double mult;

    @Option(
            names = "--min-scale",
            paramLabel = "SHARE",
            description = "Least share of a picture's area in a random crop (0.08).")
    private Optional<Double> minScale = Optional.empty();

    @Option(
            names = "--resize-method",
            paramLabel = "random|crop|squish|pad",
            description =
                    "How a picture becomes a square: by a random crop in training and nearly whole otherwise, by the largest"
                            + " square in it, distorted, or with its edges mirrored (random).")
    private Variation.Framing resize = Variation.Framing.RANDOM;

    @Option(
            names = "--flip-vertical",
            description = "Training pictures have no upright side: also turn them by right angles.")
    private boolean flipVertical;

    @Option(
            names = "--max-lighting",
            paramLabel = "SHARE",
            description = "How far light and contrast change, times --mult (0.2).")
    private Optional<Double> maxLighting = Optional.empty();

    @Option(
            names = "--max-rotate",
            paramLabel = "DEGREES",
            description = "How far training pictures are turned, times --mult (10).")
    private Optional<Double> maxRotate = Optional.empty();

    @Option(
            names = "--max-warp",
            paramLabel = "SHARE",
            description = "How far their perspective changes, times --mult (0.2).")
    private Optional<Double> maxWarp = Optional.empty();

    @Option(names = "--max-zoom", paramLabel = "FACTOR", description = "How far they are enlarged (1.1).")
    private Optional<Double> maxZoom = Optional.empty();

    @Option(
            names = "--normalize",
            paramLabel = "weights|imagenet|data",
            defaultValue = "WEIGHTS",
            description =
                    "By which means and deviations pictures are normalised: those of the pretrained weights, ImageNet's, or"
                            + " those of the training pictures (weights).")
    private PictureOptions.Normalization normalize = PictureOptions.Normalization.WEIGHTS;

    @Mixin
    private TableFlags table = new TableFlags();

    @Option(
            names = "--tags",
            description =
                    "The labels in the table are tags: a picture can have any number. So is it with --label-delimiter.")
    private boolean tags;

    @Option(names = "--allow-truncated", description = "Use the whole part of truncated pictures.")
    private boolean allowTruncated;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that read pictures (one less than there are processors).")
    private Optional<Integer> threads = Optional.empty();

    private double share() {
        return Bounds.number("--valid", valid, 0, 0.99, "0.2, a fifth, or --split folder for a part of your own");
    }

    /** What a command works on: the folder, and how its pictures become batches. */
    record Data(Path folder, PictureOptions options) {}

    /** What the user gave: a folder, maybe with a table behind {@code --csv}, or a table of labels. */
    Data of(Path data) {
        return of(data, tags);
    }

    /** The same with labels that are tags, or not. */
    Data of(Path data, boolean tagged) {
        var given = table.of(data, tagged);
        if (tagged && given.table().isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "tags are the labels in a table, and a folder's name is only one label. Maybe add --csv FILE.");
        }
        var options = options();
        return new Data(given.folder(), given.table().map(options::table).orElse(options));
    }

    /** The column of labels that was named. */
    Optional<String> labelColumn() {
        return table.labelColumn();
    }

    /** Whether the labels are tags: as said, or where the table has a column of that name. */
    boolean areTags(Path data) {
        return tags || table.saysTags(data);
    }

    private Variation variation() {
        boolean limited = flipVertical
                || Stream.of(maxLighting, maxRotate, maxWarp, maxZoom).anyMatch(Optional::isPresent);
        if (limited && augment != Variation.Augment.STANDARD) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--flip-vertical, --max-lighting, --max-rotate, --max-warp and --max-zoom belong to --augment standard."
                            + " Maybe leave them out.");
        }
        if (minScale.isPresent() && resize != Variation.Framing.RANDOM) {
            throw new CommandException(
                    ExitCodes.USAGE, "--min-scale belongs to --resize-method random. Maybe leave one of them out.");
        }
        double factor = Bounds.number("--mult", mult, Bounds.FROM_ZERO, 100, "2, or --augment none");
        double below = Math.nextDown(factor > 1 ? 1 / factor : 1.0);
        return new Variation(
                resize,
                augment,
                factor,
                Bounds.number(
                        "--min-scale",
                        minScale.orElse(Variation.standard().minScale()),
                        0,
                        1,
                        "0.08 as a share, not per cent"),
                flipVertical,
                new Variation.Limits(
                        maxLighting.map(n -> Bounds.number("--max-lighting", n, Bounds.FROM_ZERO, below, "0.1")),
                        maxRotate.map(n -> Bounds.number("--max-rotate", n, Bounds.FROM_ZERO, 360, "10 degrees")),
                        maxWarp.map(n -> Bounds.number("--max-warp", n, Bounds.FROM_ZERO, below, "0, for none")),
                        maxZoom.map(n -> Bounds.number("--max-zoom", n, 0.99, 10, "1.05"))));
    }

    private static String regex(String text) {
        try {
            return Pattern.compile(text).pattern();
        } catch (PatternSyntaxException malformed) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--group-pattern: '" + text + "' is no regular expression: " + malformed.getDescription()
                            + ". Maybe 'patient([0-9]+)'.");
        }
    }

    private PictureOptions options() {
        var options = PictureOptions.standard()
                .size(Bounds.whole("--size", size, 8, 4096, "224, what most networks were made with"))
                .validShare(share())
                .variation(variation())
                .normalization(normalize)
                .allowTruncated(allowTruncated);
        if (batchSize.isPresent()) {
            options = options.batchSize(Bounds.whole("--batch-size", batchSize.get(), 1, 65_536, "32"));
        }
        if (split.isPresent()) {
            options = options.split(split.get());
        }
        options =
                groupPattern.map(PictureFlags::regex).map(options::groupPattern).orElse(options);
        options = trainFolder
                .map(train -> new PictureOptions.Folders(train, validFolder, testFolder))
                .map(options::folders)
                .orElse(options);
        if (trainFolder.isEmpty() && (validFolder.isPresent() || testFolder.isPresent())) {
            throw new CommandException(
                    ExitCodes.USAGE, "--valid-folder and --test-folder go with --train-folder. Maybe add that.");
        }
        return threads.isPresent()
                ? options.threads(Bounds.whole("--threads", threads.get(), 1, 1024, "leave it out"))
                : options;
    }
}
