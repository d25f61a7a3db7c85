package espalier.cli;

import espalier.app.TextTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where in a table the texts are. */
final class TextColumnFlags {
    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "The column of the texts, by name or by number from 0 (that named text, tweet, message ...).")
    private Optional<String> text = Optional.empty();

    @Option(names = "--header", negatable = true, description = "Whether the first row names the columns (found out).")
    private Optional<Boolean> header = Optional.empty();

    /** The table, with the labels in this column. */
    TextTable of(Path file, Optional<String> label) {
        var table = TextTable.of(CommandException.file(file));
        var columns = new TextTable(table.table(), text, label, false, List.of());
        return header.map(columns::header).orElse(columns);
    }

    /** The options as they were given, each after a blank. */
    String commandLine() {
        return text.map(name -> " --text-column " + Console.word(name)).orElse("")
                + header.map(is -> is ? " --header" : " --no-header").orElse("");
    }
}
