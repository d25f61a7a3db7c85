package espalier.cli;

import espalier.app.TextTable;
import java.nio.file.Path;
import java.util.List;
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

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            split = ",",
            description = "The columns of numbers to be said of each text, such as a price, instead of labels.")
    private List<String> target = List.of();

    /** Whether there are numbers instead of labels. */
    boolean ofNumbers() {
        return !target.isEmpty();
    }

    TextTable of(Path file) {
        var table = texts.of(file, label);
        if (target.isEmpty()) {
            return table;
        }
        if (label.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--target names columns of numbers, so there are no labels. Maybe leave out --label-column.");
        }
        return table.numbers(target.toArray(String[]::new));
    }

    /** The options as they were given, each after a blank. */
    String commandLine() {
        return texts.commandLine()
                + label.map(name -> " --label-column " + Console.word(name)).orElse("")
                + (target.isEmpty() ? "" : " --target " + Console.word(String.join(",", target)));
    }
}
