package espalier.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** A command about a model file, which is its first argument. */
abstract class ModelCommand extends EspalierCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model file.")
    Path model = Path.of("");
}
