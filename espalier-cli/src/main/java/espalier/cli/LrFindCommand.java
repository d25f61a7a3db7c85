package espalier.cli;

import espalier.app.FindLr;
import espalier.train.Precision;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code espalier lr-find}: the curve of the loss over learning rates, and four suggestions. */
@Command(
        name = "lr-find",
        description = "Find a learning rate by a short mock training; nothing is kept of it.",
        subcommands = LrFindCommand.Images.class,
        footer = {"", "Example:", "  espalier lr-find image data/dogs"})
final class LrFindCommand implements Runnable {
    private static final String USUAL = "efficientnet-lite0";
    private static final long STANDARD_SEED = 42;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli looks at the option, not at the field
    private boolean help;

    /** Without a kind of data there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which data? lr-find image DIR.");
    }

    /** {@code espalier lr-find image}. */
    @Command(
            name = "image",
            description = "Find a learning rate for fine-tuning a pretrained network on pictures.",
            footer = {"", "Example:", "  espalier lr-find image data/dogs --out lr.png"})
    static final class Images extends EspalierCommand {
        @Parameters(paramLabel = "DIR", description = "The folder with one sub-folder a class.")
        @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
        private Path data;

        @Option(names = "--model", paramLabel = "NAME", description = "The network (default: ${DEFAULT-VALUE}).")
        private String model = USUAL;

        @Mixin
        private PictureFlags pictures = new PictureFlags();

        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "The seed of everything random (default: ${DEFAULT-VALUE}).")
        private long seed = STANDARD_SEED;

        @Option(
                names = "--precision",
                paramLabel = "auto|float32|bfloat16",
                description = "The type to compute in (auto).")
        private Precision precision = Precision.AUTO;

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                description = "The plot to write (default: ${DEFAULT-VALUE}).")
        private Path out = Path.of("lr-find.png");

        @Override
        int run(Console console) {
            CommandException.folder(data);
            CommandException.writableBeside(out, data);
            var job = new FindLr(data, model, pictures.options(), seed, precision);
            FindLr.Result result = job.run();
            try {
                result.plot().save(out);
            } catch (IOException failure) {
                throw CommandException.unwritable(out, failure);
            }
            console.json(json(result));
            console.table(
                    List.of("suggestion", "learning rate"),
                    result.curve().suggestions().entrySet().stream()
                            .map(one -> List.of(one.getKey(), String.format(Locale.ROOT, "%.2e", one.getValue())))
                            .toList());
            console.say("The curve is in " + out + ". To train with the first:");
            console.say("  " + next(result));
            console.rejected(result.rejected());
            return ExitCodes.DONE;
        }

        /** The training with the first suggestion and the options of this search. */
        private String next(FindLr.Result result) {
            String given = pictures.options().commandLine();
            return "espalier train image " + Console.word(data)
                    + (Models.named(model).name().equals(USUAL) ? "" : " --model " + model)
                    + (given.isEmpty() ? "" : " " + given)
                    + (seed == STANDARD_SEED ? "" : " --seed " + seed)
                    + String.format(
                            Locale.ROOT, " --lr %.1e", result.curve().valley().orElse(2e-3))
                    + " --out "
                    + Console.word(Path.of(data.toAbsolutePath().normalize().getFileName() + ".safetensors"));
        }

        private Map<String, Object> json(FindLr.Result result) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("model", Models.named(model).name());
            json.put("suggestions", result.curve().suggestions());
            json.put("lrs", result.curve().lrs());
            json.put("losses", result.curve().losses());
            json.put("seconds", result.seconds());
            json.put("plot", out.toString());
            json.put("rejected", Console.rejectedJson(result.rejected()));
            return json;
        }
    }
}
