package espalier.cli;

import espalier.app.FindLr;
import espalier.app.FindTextLr;
import espalier.app.TrainText;
import espalier.report.Progress;
import espalier.train.Precision;
import espalier.vision.model.Models;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier lr-find}: the curve of the loss over learning rates, and four suggestions. */
@Command(
        name = "lr-find",
        description = "Find a learning rate by a short mock training.",
        subcommands = {LrFindCommand.Images.class, LrFindCommand.Tags.class, LrFindCommand.Texts.class},
        footer = {"", "Example:", "  espalier lr-find image data/dogs"})
final class LrFindCommand extends CommandGroup {
    private static final String USUAL = "efficientnet-lite0";
    private static final long STANDARD_SEED = 42;

    /** {@code espalier lr-find image}. */
    @Command(
            name = "image",
            description = "Find a learning rate for fine-tuning a pretrained network on pictures.",
            footer = {"", "Example:", "  espalier lr-find image data/dogs --out lr.png"})
    static final class Images extends Pictures {
        @Parameters(
                paramLabel = "DIR",
                description = "The folder with one sub-folder a class; or a table of labels, see --images.")
        private Path data = Path.of("");

        @Override
        PictureFlags.Data data(PictureFlags pictures) {
            return pictures.of(data);
        }

        @Override
        String train(PictureFlags.Data given) {
            return Console.command("train", "image", given.folder())
                    + spaced(given.options().commandLine());
        }
    }

    /** {@code espalier lr-find tags}. */
    @Command(
            name = "tags",
            description = "Find a learning rate for a model that gives each picture any number of tags.",
            footer = {"", "Example:", "  espalier lr-find tags train.csv --images train-jpg --out lr.png"})
    static final class Tags extends Pictures {
        @Parameters(paramLabel = "CSV", description = "The table: the names of pictures in a column, tags in another.")
        private Path table = Path.of("");

        @Override
        PictureFlags.Data data(PictureFlags pictures) {
            return pictures.of(CommandException.file(table), true);
        }

        @Override
        String train(PictureFlags.Data given) {
            return Console.command("train", "tags", table, "--images", given.folder())
                    + spaced(given.options().commandLine("--csv", "--tags"));
        }
    }

    private static String spaced(String options) {
        return options.isEmpty() ? "" : " " + options;
    }

    /** What all have in common. */
    abstract static class Search extends EspalierCommand {
        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "The seed of everything random (default: ${DEFAULT-VALUE}).")
        long seed = STANDARD_SEED;

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                description = "The plot to write (default: ${DEFAULT-VALUE}).")
        Path out = Path.of("lr-find.png");

        /** The option that trains with this seed. */
        final String seeded() {
            return seed == STANDARD_SEED ? "" : " --seed " + seed;
        }

        static FindLr.Result search(Console console, Function<Progress, FindLr.Result> job) {
            try (var progress = console.progress("lr-find", -1)) {
                return job.apply(progress);
            }
        }
    }

    /** What both for pictures have in common. */
    abstract static class Pictures extends Search {
        @Option(names = "--model", paramLabel = "NAME", description = "The network (default: ${DEFAULT-VALUE}).")
        private String model = USUAL;

        @Mixin
        private PictureFlags pictures = new PictureFlags();

        @Option(
                names = "--precision",
                paramLabel = "auto|float32|bfloat16|float16",
                description = "The type to compute in (auto).")
        private Precision precision = Precision.AUTO;

        @Mixin
        private DeviceFlag device = new DeviceFlag();

        /** What to train on. */
        abstract PictureFlags.Data data(PictureFlags pictures);

        /** The command that trains on it, with the options that are not as usual. */
        abstract String train(PictureFlags.Data given);

        @Override
        final int run(Console console) {
            var given = data(pictures);
            CommandException.writableBeside(out, given.folder());
            var job = new FindLr(given.folder(), model, given.options(), seed, precision, device.device());
            var result = search(console, job::run);
            String more = (Models.named(model).name().equals(USUAL) ? "" : " --model " + model) + seeded();
            return new LrFound(result, Models.named(model).name(), "pictures", out)
                    .tell(console, train(given) + more, CommandException.modelOf(given.folder()));
        }
    }

    /** {@code espalier lr-find text}. */
    @Command(
            name = "text",
            description = "Find a learning rate for training a network on texts.",
            footer = {"", "Example:", "  espalier lr-find text tweets.csv --model lstm --out lr.png"})
    static final class Texts extends Search {
        @Parameters(paramLabel = "CSV", description = "The table: commas, semicolons, tabs or bars between cells.")
        private Path file = Path.of("");

        @Mixin
        private TextFlags columns = new TextFlags();

        @Option(names = "--tags", description = "A text may have any number of labels.")
        private boolean tags;

        @Mixin
        private NetworkTextFlags network = new NetworkTextFlags();

        @Override
        int run(Console console) {
            var trainer = network.withoutRate();
            var table = columns.of(file).tags(tags);
            CommandException.writableBeside(out, file);
            var job = new FindTextLr(TrainText.of(table, out).seed(seed).trainer(trainer));
            var result = search(console, job::run);
            String train = Console.command("train", "text", file)
                    + columns.commandLine()
                    + (tags ? " --tags" : "")
                    + network.commandLine()
                    + seeded();
            return new LrFound(result, trainer.model(), "texts", out)
                    .tell(console, train, CommandException.beside(file.getFileName(), "safetensors"));
        }
    }
}
