package espalier.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espalier train image}: transfer learning on a folder of pictures. */
@Command(
        name = "image",
        description = "Train a classifier on a folder of pictures with one sub-folder a class.",
        footer = {
            "",
            "Ctrl-C finishes the batch and saves a checkpoint; the same command with --resume goes on.",
            "",
            "Examples:",
            "  espalier train image photos --out photos.safetensors",
            "  espalier train image photos --budget 30m --out photos.safetensors",
            "  espalier train image photos --epochs 4 --out photos.safetensors",
            "  espalier train image photos --csv photos/labels.csv --out photos.safetensors",
            "  espalier train image photos --monitor --out photos.safetensors"
        })
final class TrainImageCommand extends TrainPictures {
    @Parameters(paramLabel = "DIR", description = "The folder of pictures; or a table of labels, see --images.")
    private Path folder = Path.of("");

    @Override
    PictureFlags.Data data(PictureFlags pictures) {
        return pictures.of(folder);
    }
}
