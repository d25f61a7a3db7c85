package espalier.cli;

import picocli.CommandLine.Command;

/** The group of commands that download. */
@Command(
        name = "fetch",
        description = "Download data from addresses, from Kaggle, or a known data set.",
        subcommands = {FetchUrlCommand.class, FetchKaggleCommand.class, FetchDatasetCommand.class},
        synopsisSubcommandLabel = "url|kaggle|dataset",
        footer = {"", "Example:", "  espalier fetch dataset imagenette-160"})
final class FetchCommand extends CommandGroup {}
