package espalier.cli;

import espalier.app.PictureOptions;
import java.nio.file.Path;
import java.util.Optional;
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
            paramLabel = "random|folder",
            description = "How they are chosen (folder where there are train and valid, else random).")
    private Optional<PictureOptions.Split> split = Optional.empty();

    @Option(
            names = "--augment",
            paramLabel = "standard|none",
            defaultValue = "STANDARD",
            description = "How training pictures are varied (standard).")
    private PictureOptions.Augment augment = PictureOptions.Augment.STANDARD;

    @Option(
            names = "--mult",
            paramLabel = "FACTOR",
            defaultValue = "2",
            description = "How strongly (${DEFAULT-VALUE}).")
    private double mult;

    @Option(
            names = "--min-scale",
            paramLabel = "SHARE",
            defaultValue = "0.08",
            description = "Least share of a picture's area in a random crop (${DEFAULT-VALUE}).")
    private double minScale;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "A CSV file with the labels: file, label, maybe split; paths from DIR on.")
    private Optional<Path> csv = Optional.empty();

    @Option(
            names = "--tags",
            description = "The labels in the CSV file are tags, with spaces between: a picture can have any number.")
    private boolean tags;

    @Option(names = "--allow-truncated", description = "Use truncated files as far as they go.")
    private boolean allowTruncated;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that read pictures (one less than there are processors).")
    private Optional<Integer> threads = Optional.empty();

    private double share() {
        return Bounds.number("--valid", valid, 0, 0.99, "0.2, a fifth, or --split folder for a part of your own");
    }

    PictureOptions options() {
        var options = PictureOptions.standard()
                .size(Bounds.whole("--size", size, 8, 4096, "224, what most networks were made with"))
                .validShare(share())
                .augment(augment)
                .mult(Bounds.number("--mult", mult, Bounds.FROM_ZERO, 100, "2, or --augment none"))
                .minScale(Bounds.number("--min-scale", minScale, 0, 1, "0.08 as a share, not per cent"))
                .allowTruncated(allowTruncated);
        if (batchSize.isPresent()) {
            options = options.batchSize(Bounds.whole("--batch-size", batchSize.get(), 1, 65_536, "32"));
        }
        if (split.isPresent()) {
            options = options.split(split.get());
        }
        if (tags && csv.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--tags is for the labels in a table, and a folder's name is only one label. Maybe add --csv FILE.");
        }
        if (csv.isPresent()) {
            options = options.table(new PictureOptions.Table(CommandException.file(csv.get()), tags));
        }
        return threads.isPresent()
                ? options.threads(Bounds.whole("--threads", threads.get(), 1, 1024, "leave it out"))
                : options;
    }
}
