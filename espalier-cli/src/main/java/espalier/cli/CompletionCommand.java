package espalier.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code espalier completion}: what bash and zsh need to complete commands and options. */
@Command(
        name = "completion",
        description = {
            "Print the shell's completion of commands and options, for bash and zsh.",
            "Put the line of the example into ~/.bashrc or ~/.zshrc, with bin/ of the application on the PATH."
        },
        footer = {"", "Example:", "  espalier completion > ~/.espalier-completion && source ~/.espalier-completion"})
final class CompletionCommand extends EspalierCommand {
    @Override
    int run(Console console) {
        console.text(AutoComplete.bash("espalier", Main.commandLine()).stripTrailing());
        return ExitCodes.DONE;
    }
}
