package espalier.cli;

import picocli.CommandLine.Command;

/** {@code espalier man}: the manual page of all commands. */
@Command(
        name = "man",
        description = {
            "Print the manual page, with every command and option.",
            "Installed, it is opened by `man espalier`."
        },
        footer = {"", "Examples:", "  espalier man | man -l -", "  espalier man > ~/.local/share/man/man1/espalier.1"})
final class ManCommand extends EspalierCommand {
    @Override
    int run(Console console) {
        console.text(ManPage.of(Main.commandLine()).stripTrailing());
        return ExitCodes.DONE;
    }
}
