package espalier.cli;

import espalier.app.LabelledPictures;
import espalier.data.Splits;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which labelled pictures a model is judged by. */
final class LabelledFlags {
    /** Which pictures of a data set. */
    private enum Split {
        ALL,
        TRAIN,
        VALID,
        TEST
    }

    @Option(
            names = "--split",
            paramLabel = "all|train|valid|test",
            defaultValue = "ALL",
            description = {
                "Which pictures (all): by the folders of these names where there are train and valid,",
                "else as `train image` would choose with the same --valid and --seed."
            })
    private Split split = Split.ALL;

    @Option(
            names = "--valid",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "Share of the pictures that training kept for validation (${DEFAULT-VALUE}).")
    private double valid;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of that choice (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = {
                "Take pictures and labels from a CSV file with the columns file and label;",
                "paths are relative to the folder, several labels of one picture have spaces between."
            })
    private Optional<Path> csv = Optional.empty();

    LabelledPictures of(Path folder) {
        var pictures = LabelledPictures.of(CommandException.folder(folder))
                .validShare(valid)
                .seed(seed);
        if (csv.isPresent()) {
            pictures = pictures.csv(CommandException.existing(csv.get()));
        }
        return split == Split.ALL ? pictures : pictures.part(Splits.Part.valueOf(split.name()));
    }
}
