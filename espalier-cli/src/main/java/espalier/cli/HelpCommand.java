package espalier.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code espalier help}: the help of a command, by its words. */
@Command(
        name = "help",
        description = "Show the help of a command.",
        footer = {"", "Example:", "  espalier help train image"})
final class HelpCommand extends EspalierCommand {
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command; without one, all commands.")
    private List<String> words = List.of();

    @Override
    int run(Console console) {
        CommandLine line = spec.commandLine().getParent();
        for (String word : words) {
            CommandLine next = line.getSubcommands().get(word);
            if (next == null) {
                throw unknown(line, word);
            }
            line = next;
        }
        console.text(line.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing());
        return ExitCodes.DONE;
    }

    private ParameterException unknown(CommandLine line, String word) {
        var near = new UnmatchedArgumentException(line, List.of(word)).getSuggestions();
        return wrongUsage(line.getCommandSpec().qualifiedName() + " has no command '" + word + "'."
                + (near.isEmpty() ? "" : " Maybe " + String.join(" or ", near) + "."));
    }
}
