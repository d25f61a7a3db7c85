package espalier.cli;

import espalier.app.LabelledPictures;
import espalier.data.Splits;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
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
            description = {
                "Which pictures: by the folders of these names where there are train and valid,",
                "else as `train image` chooses with the same --valid and --seed. Without it, all,",
                "but those that the model was trained on where that is most of them."
            })
    private Optional<Split> split = Optional.empty();

    @Option(
            names = "--valid",
            paramLabel = "SHARE",
            description = "Share of the pictures kept for validation (as the model's file says, else 0.2).")
    private Optional<Double> valid = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed by which they were chosen (as the model's file says, else 42).")
    private Optional<Long> seed = Optional.empty();

    @Mixin
    private TableFlags table = new TableFlags();

    /** Whether all are wanted, those that the model was trained on among them. */
    boolean all() {
        return split.filter(one -> one == Split.ALL).isPresent();
    }

    /** The column of labels that was named. */
    Optional<String> labelColumn() {
        return table.labelColumn();
    }

    /** The pictures of a folder, or of a table. */
    LabelledPictures of(Path data) {
        var given = table.of(data, false);
        var pictures = new LabelledPictures(given.folder(), given.table(), Optional.empty(), valid, seed, false);
        return split.map(one ->
                        one == Split.ALL ? pictures.withTrained() : pictures.part(Splits.Part.valueOf(one.name())))
                .orElse(pictures);
    }
}
