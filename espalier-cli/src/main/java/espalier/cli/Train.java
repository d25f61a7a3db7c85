package espalier.cli;

import picocli.CommandLine.Command;

/** The group of commands that train. */
@Command(
        name = "train",
        description = "Train a model and write it to one file.",
        subcommands = {
            TrainImageCommand.class,
            TrainTagsCommand.class,
            TrainTextCommand.class,
            TrainLanguageModelCommand.class
        },
        synopsisSubcommandLabel = "image|tags|text|language-model",
        footer = {
            "",
            "Examples:",
            "  espalier train image photos --out photos.safetensors",
            "  espalier train tags labels.csv --images photos --out tags.safetensors",
            "  espalier train text tweets.csv --out tweets.safetensors"
        })
final class Train extends CommandGroup {}
