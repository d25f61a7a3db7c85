package espalier.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A command that trains a model and writes its file. */
abstract class TrainCommand extends EspalierCommand {
    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            description = "The model file to write.")
    Path out = Path.of("");
}
