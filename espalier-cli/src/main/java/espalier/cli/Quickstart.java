package espalier.cli;

import espalier.app.LabelledPictures;
import espalier.app.PictureOptions;
import espalier.app.TrainImage;
import espalier.app.TrainingReport;
import espalier.interpret.ConfusionMatrix;
import espalier.interpret.Plots;
import espalier.interpret.Predictions;
import espalier.interpret.TrainingCurves;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.train.EpochResult;
import espalier.train.FineTune;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espalier quickstart}: trains, judges, exports and predicts on bundled pictures. */
@Command(
        name = "quickstart",
        description = {
            "Train, judge and use a first model, offline, in about a minute.",
            "It learns from 1,000 bundled pictures of clothes.",
            "Everything is written to one folder, and explained by the commands that are shown at the end."
        },
        footer = {"", "Example:", "  espalier quickstart"})
final class Quickstart extends EspalierCommand {
    /** The pictures have 28 x 28 pixels: enlarging them further costs time and shows nothing more. */
    private static final int SIZE = 96;

    /** Clothes in grey are far from the photographs that the weights were made from: the model has a longer way to go. */
    private static final double LR = 8e-3;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = "espalier-quickstart",
            description = "The folder to write to (${DEFAULT-VALUE}).")
    private Path out = Path.of("");

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "3",
            description = "Epochs with the whole model trained (${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            defaultValue = "80",
            description = "At most so many pictures of each class and part (${DEFAULT-VALUE}: all).")
    private int pictures;

    @Override
    int run(Console console) throws Exception {
        Bounds.whole("--pictures", pictures, 2, 80, "80, all that there are");
        Bounds.whole("--epochs", epochs, 0, 100_000, "3");
        CommandException.writableFolder(out);
        extract(console);
        Path model = out.resolve("clothes.safetensors");
        // Clothes lie upright and fill the picture: crops and turns as for photographs would cut off what tells
        // a shirt from a coat.
        var job = TrainImage.of(out.resolve("data").resolve("train"), model)
                .pictures(PictureOptions.standard().size(SIZE).minScale(0.7).mult(0.5))
                .schedule(FineTune.of(epochs).lr(LR));
        var report = TrainingSession.of(job, console).run();
        if (report.interrupted()) {
            console.warn("stopped. Run it again to start anew.");
            return ExitCodes.INTERRUPTED;
        }
        var judged = judge(model);
        var matrix = ConfusionMatrix.of(judged);
        plot(matrix, report.history());
        show(console, matrix, judged);
        console.json(document(report, matrix, judged));
        next(console, model);
        return ExitCodes.DONE;
    }

    private void extract(Console console) {
        console.say("unpacking pictures to " + out.resolve("data"));
        try {
            BundledPictures.copyTo(out.resolve("data"), pictures);
        } catch (IOException unwritable) {
            throw CommandException.unwritable(out, unwritable);
        }
    }

    private Predictions judge(Path model) {
        try (var predictor = Predictor.load(model)) {
            return LabelledPictures.of(out.resolve("data").resolve("test"))
                    .judge(predictor, Progress.NONE)
                    .predictions();
        }
    }

    private void plot(ConfusionMatrix matrix, List<EpochResult> history) throws IOException {
        matrix.plot(out.resolve("confusion.png"));
        Plots.losses(TrainingCurves.of(history)).save(out.resolve("losses.png"));
    }

    private static void show(Console console, ConfusionMatrix matrix, Predictions judged) {
        console.result("");
        console.result(String.format(
                Locale.ROOT,
                "%d pictures never seen before: accuracy %.1f %%. Rows are what they are, columns what the model says.",
                matrix.total(),
                100 * matrix.accuracy()));
        console.text(matrix.text());
        console.result("Three of them:");
        three(judged)
                .forEach(i -> console.result(String.format(
                        Locale.ROOT,
                        "  %s: %s (%.1f %%)",
                        judged.items().get(i),
                        judged.predictedName(i),
                        100 * judged.probability(i, judged.predicted(i)))));
    }

    /** Pictures of three classes. */
    private static IntStream three(Predictions judged) {
        int step = Math.max(1, judged.size() / 3);
        return IntStream.range(0, Math.min(3, judged.size())).map(i -> i * step);
    }

    private Map<String, Object> document(TrainingReport report, ConfusionMatrix matrix, Predictions judged) {
        Map<String, Object> document = report.toMap();
        document.put("test", Map.of("n", matrix.total(), "accuracy", matrix.accuracy()));
        document.put("confusion", matrix.toMap());
        document.put(
                "predictions",
                three(judged)
                        .mapToObj(i -> Map.of(
                                "file", judged.items().get(i),
                                "label", judged.predictedName(i),
                                "probability", judged.probability(i, judged.predicted(i))))
                        .toList());
        document.put("folder", out.toString());
        return document;
    }

    private void next(Console console, Path model) {
        Path test = out.resolve("data").resolve("test");
        console.say("");
        console.say("Written to " + out + ": clothes.safetensors, confusion.png, losses.png, data/");
        console.say("Next:");
        console.say("  " + Console.command("predict", model, test.resolve("bag")));
        console.say("  " + Console.command("interpret", model, test, "--out", out.resolve("report")));
        console.say("With pictures of your own, in a folder for each class:");
        console.say("  " + Console.command("train", "image", "--help"));
    }
}
