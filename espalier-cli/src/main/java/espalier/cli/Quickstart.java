package espalier.cli;

import espalier.app.PictureOptions;
import espalier.app.TrainImage;
import espalier.app.TrainingReport;
import espalier.interpret.ConfusionMatrix;
import espalier.interpret.Plots;
import espalier.interpret.Predictions;
import espalier.interpret.TrainingCurves;
import espalier.model.Prediction;
import espalier.model.Predictor;
import espalier.train.EpochResult;
import espalier.train.FineTune;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espalier quickstart}: trains, judges, exports and predicts on bundled pictures. */
@Command(
        name = "quickstart",
        description = {
            "Train on 1,000 bundled pictures of clothes, judge the model, predict: offline, in about a minute.",
            "Everything is written to one folder, and explained by the commands that are shown at the end."
        },
        footer = {"", "Example:", "  espalier quickstart"})
final class Quickstart extends EspalierCommand {
    /** The pictures have 28 x 28 pixels: enlarging them further costs time and shows nothing more. */
    private static final int SIZE = 64;

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

    /** A judged picture of the test set. */
    private record Judged(Path file, String actual, Prediction prediction) {}

    @Override
    int run(Console console) throws Exception {
        extract(console);
        Path model = out.resolve("clothes.safetensors");
        // Clothes lie upright and fill the picture: crops and turns as for photographs would cut off what tells
        // a shirt from a coat.
        var job = TrainImage.of(out.resolve("data").resolve("train"), model)
                .pictures(PictureOptions.standard().size(SIZE).minScale(0.7).mult(0.5))
                .schedule(FineTune.of(epochs));
        var report = TrainingSession.of(job, console).run();
        if (report.interrupted()) {
            console.warn("stopped. Run it again to start anew.");
            return ExitCodes.INTERRUPTED;
        }
        var judged = judge(model);
        var matrix = matrix(report.classes(), judged);
        plot(matrix, report.history());
        show(console, matrix, judged);
        console.json(document(report, matrix, judged));
        next(console, model);
        return ExitCodes.DONE;
    }

    private void extract(Console console) {
        console.say("unpacking pictures to " + out.resolve("data"));
        try {
            Samples.copyTo(out.resolve("data"), pictures);
        } catch (IOException unwritable) {
            throw CommandException.unwritable(out, unwritable);
        }
    }

    private List<Judged> judge(Path model) {
        var judged = new ArrayList<Judged>();
        try (var predictor = Predictor.load(model)) {
            predictor.predictAll(
                    List.of(out.resolve("data").resolve("test")),
                    answer -> answer.prediction()
                            .ifPresent(prediction ->
                                    judged.add(new Judged(answer.file(), folderName(answer.file()), prediction))));
        }
        return judged;
    }

    private static String folderName(Path file) {
        return file.getName(file.getNameCount() - 2).toString();
    }

    private static ConfusionMatrix matrix(List<String> classes, List<Judged> judged) {
        float[][] probabilities =
                judged.stream().map(one -> one.prediction().probabilities()).toArray(float[][]::new);
        int[] targets =
                judged.stream().mapToInt(one -> classes.indexOf(one.actual())).toArray();
        return ConfusionMatrix.of(Predictions.of(classes, probabilities, targets));
    }

    private void plot(ConfusionMatrix matrix, List<EpochResult> history) throws IOException {
        matrix.plot(out.resolve("confusion.png"));
        var epochs = new ArrayList<TrainingCurves.Epoch>();
        for (var epoch : history) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            epoch.metrics().forEach((name, value) -> metrics.put(name, value.orElse(Double.NaN)));
            epochs.add(new TrainingCurves.Epoch(
                    epochs.size(), epoch.trainLoss(), epoch.validLoss().orElse(Double.NaN), metrics));
        }
        Plots.losses(new TrainingCurves(epochs)).save(out.resolve("losses.png"));
    }

    private static void show(Console console, ConfusionMatrix matrix, List<Judged> judged) {
        console.result("");
        console.result(String.format(
                java.util.Locale.ROOT,
                "%d pictures never seen before: accuracy %.1f %%. Rows are what they are, columns what the model says.",
                matrix.total(),
                100 * matrix.accuracy()));
        console.result(matrix.text());
        console.result("Three of them:");
        three(judged).forEach(one -> console.result("  " + one.file() + ": " + one.prediction()));
    }

    /** Pictures of three classes. */
    private static List<Judged> three(List<Judged> judged) {
        int step = Math.max(1, judged.size() / 3);
        return java.util.stream.IntStream.range(0, Math.min(3, judged.size()))
                .mapToObj(i -> judged.get(i * step))
                .toList();
    }

    private Map<String, Object> document(TrainingReport report, ConfusionMatrix matrix, List<Judged> judged) {
        Map<String, Object> document = report.toMap();
        document.put("test", Map.of("n", matrix.total(), "accuracy", matrix.accuracy()));
        document.put("confusion", matrix.toMap());
        document.put(
                "predictions",
                three(judged).stream()
                        .map(one -> Map.of(
                                "file", one.file().toString(),
                                "label", one.prediction().label(),
                                "probability", one.prediction().probability()))
                        .toList());
        document.put("folder", out.toString());
        return document;
    }

    private void next(Console console, Path model) {
        Path test = out.resolve("data").resolve("test");
        console.say("");
        console.say("Written to " + out + ": clothes.safetensors, confusion.png, losses.png, data/");
        console.say("Next:");
        console.say("  espalier predict " + model + " " + test.resolve("bag"));
        console.say("  espalier evaluate " + model + " " + test);
        console.say("  espalier train image YOUR_PICTURES --out yours.safetensors");
    }
}
