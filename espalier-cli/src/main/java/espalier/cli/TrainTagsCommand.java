package espalier.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espalier train tags}: several tags for each picture of a table. */
@Command(
        name = "tags",
        description = {
            "Train a model that gives each picture any number of tags.",
            "A row of the table names a picture and its tags. It is the job of `train image DIR --csv CSV --tags`."
        },
        footer = {
            "",
            "Ctrl-C finishes the batch and saves a checkpoint; the same command with --resume goes on.",
            "",
            "Examples:",
            "  espalier train tags train.csv --images train-jpg --suffix .jpg --out planet.safetensors",
            "  espalier train tags train.csv --images train-jpg --budget 5m --out planet.safetensors"
        })
final class TrainTagsCommand extends TrainPictures {
    @Parameters(paramLabel = "CSV", description = "The table: the names of pictures in a column, tags in another.")
    private Path table = Path.of("");

    @Override
    PictureFlags.Data data(PictureFlags pictures) {
        return pictures.of(CommandException.file(table), true);
    }
}
