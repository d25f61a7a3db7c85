package espalier.cli;

import espalier.app.TrainImage;
import espalier.train.FineTune;
import espalier.train.Precision;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier train image}: transfer learning on a folder of pictures. */
@Command(
        name = "image",
        description = "Train a classifier on a folder of pictures with one sub-folder a class.",
        footer = {
            "",
            "Ctrl-C finishes the batch and saves a checkpoint; the same command with --resume goes on.",
            "",
            "Examples:",
            "  espalier train image photos --epochs 4 --out photos.safetensors",
            "  espalier train image photos --csv photos/labels.csv --tags --out tags.safetensors",
            "  espalier train image photos --monitor --out photos.safetensors"
        })
final class TrainImageCommand extends EspalierCommand {
    @Parameters(paramLabel = "DIR", description = "The folder of pictures.")
    private Path folder = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            description = "The model file to write.")
    private Path out = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "efficientnet-lite0",
            description = "The pretrained model to start from (${DEFAULT-VALUE}, whose weights are bundled).")
    private String model = "";

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "4",
            description = "Epochs with the whole model trained (${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--freeze-epochs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Epochs before, with only the new head trained (${DEFAULT-VALUE}).")
    private int freezeEpochs;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            defaultValue = "2e-3",
            description = "The base learning rate (${DEFAULT-VALUE}).")
    private double lr;

    @Mixin
    private PictureFlags pictures = new PictureFlags();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Another seed, another split and order (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--precision",
            paramLabel = "auto|float32|bfloat16",
            defaultValue = "AUTO",
            description = "The type to compute in (auto).")
    private Precision precision = Precision.AUTO;

    @Option(names = "--resume", description = "Go on where an interrupted run of the same command stopped.")
    private boolean resume;

    @Option(
            names = "--accept-changed-data",
            description = "Resume also when pictures were added, removed or changed since.")
    private boolean acceptChangedData;

    @Option(
            names = "--monitor",
            description = "Show the training in the browser while it runs: curves, table, pictures, stop, save.")
    private boolean monitor;

    @Option(
            names = "--monitor-port",
            paramLabel = "N",
            description = "The same at this port of 127.0.0.1 (any that is free).")
    private Optional<Integer> monitorPort = Optional.empty();

    private FineTune schedule() {
        return FineTune.of(Bounds.whole("--epochs", epochs, 0, 100_000, "4"))
                .freezeEpochs(Bounds.whole("--freeze-epochs", freezeEpochs, 0, 100_000, "1"))
                .lr(Bounds.number("--lr", lr, 0, Double.MAX_VALUE, "2e-3, or what `espalier lr-find image` suggests"));
    }

    private TrainImage spec() {
        return TrainImage.of(CommandException.folder(folder), out)
                .model(model)
                .pictures(pictures.options())
                .schedule(schedule())
                .precision(precision)
                .seed(seed)
                .resume(resume)
                .acceptChangedData(acceptChangedData);
    }

    @Override
    int run(Console console) {
        int port = Bounds.port("--monitor-port", monitorPort.orElse(0));
        var job = spec();
        var session = TrainingSession.of(job, console);
        boolean watched = monitor || monitorPort.isPresent();
        var outcome = (watched ? session.monitor(port) : session).run();
        console.json(outcome.toMap());
        if (outcome.interrupted()) {
            console.warn("stopped, nothing is lost: the same command with --resume goes on (checkpoints in "
                    + job.checkpoints().folder() + ").");
            return ExitCodes.INTERRUPTED;
        }
        console.result("saved " + out + " (" + TrainingSession.summary(outcome) + ")");
        console.say("next: espalier predict " + Console.word(out) + " PICTURE...");
        return ExitCodes.DONE;
    }
}
