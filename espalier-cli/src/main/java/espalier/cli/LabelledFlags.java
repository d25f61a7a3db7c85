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
                "else as `train image` chooses with the same --valid and --seed."
            })
    private Split split = Split.ALL;

    @Option(
            names = "--valid",
            paramLabel = "SHARE",
            description = "Share of the pictures kept for validation (as the model's file says, else 0.2).")
    private Optional<Double> valid = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of that choice (as the model's file says, else 42).")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = {
                "Take pictures and labels from a CSV file with the columns file and label;",
                "paths are relative to the folder, several labels of one picture have spaces between."
            })
    private Optional<Path> csv = Optional.empty();

    LabelledPictures of(Path folder) {
        var all = LabelledPictures.of(CommandException.folder(folder));
        var file = csv.map(CommandException::existing);
        var pictures = new LabelledPictures(all.folder(), file, all.part(), valid, seed);
        return split == Split.ALL ? pictures : pictures.part(Splits.Part.valueOf(split.name()));
    }
}
