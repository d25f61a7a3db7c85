package espalier.cli;

import espalier.app.TextTable;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where in a table the texts and their labels are. */
final class TextFlags {
    @Mixin
    private TextColumnFlags texts = new TextColumnFlags();

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "The column of the labels (that named label, class, category ...).")
    private Optional<String> label = Optional.empty();

    TextTable of(Path file) {
        return texts.of(file, label);
    }

    /** The options as they were given, each after a blank. */
    String commandLine() {
        return texts.commandLine()
                + label.map(name -> " --label-column " + Console.word(name)).orElse("");
    }
}
