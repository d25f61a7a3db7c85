package espalier.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The group of commands that train. */
@Command(
        name = "train",
        description = "Train a model and write it to one file.",
        subcommands = TrainImageCommand.class,
        synopsisSubcommandLabel = "image",
        footer = {"", "Example:", "  espalier train image photos --out photos.safetensors"})
final class Train {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli looks at the option, not at the field
    private boolean help;
}
