package espalier.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The group of commands that download. */
@Command(
        name = "fetch",
        description = "Download data: addresses, Kaggle, or a well-known data set by name.",
        subcommands = {FetchUrlCommand.class, FetchKaggleCommand.class, FetchDatasetCommand.class},
        synopsisSubcommandLabel = "url|kaggle|dataset",
        footer = {"", "Example:", "  espalier fetch dataset imagenette-160"})
final class FetchCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli looks at the option, not at the field
    private boolean help;
}
