package espalier.cli;

import espalier.app.Interpret;
import espalier.app.InterpretText;
import espalier.interpret.ConfusionMatrix;
import espalier.vision.ImageGradCam;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier interpret}: how good a model is and where it errs, as a report. */
@Command(
        name = "interpret",
        description = {
            "Write a report on a model's mistakes.",
            "It has the confusion matrix, figures of each class, curves, calibration, the pictures of largest loss with what"
                    + " the model looked at (Grad-CAM), how it was trained, rejected files.",
            "report.html holds everything it shows and can be mailed; the plots are also written as PNG."
        },
        footer = {
            "",
            "Examples:",
            "  espalier interpret dogs.safetensors holdout/ --out report",
            "  espalier interpret dogs.safetensors photos/ --split valid --out report --json"
        })
final class InterpretCommand extends ModelCommand {
    private static final int MOST_SHOWN = 10;

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "The folder with one sub-folder a class, or the table of texts.")
    private Path data = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            required = true,
            description = "The folder to write to, made if need be.")
    private Path out = Path.of("");

    @Option(
            names = "--top-losses",
            paramLabel = "N",
            defaultValue = "24",
            description = "Pictures or texts of largest loss in the report (${DEFAULT-VALUE}).")
    private int topLosses;

    @Mixin
    private LabelledFlags pictures = new LabelledFlags();

    @Mixin
    private EngineFlag engine = new EngineFlag();

    @Mixin
    private TextColumnFlags texts = new TextColumnFlags();

    @Override
    int run(Console console) {
        Bounds.whole("--top-losses", topLosses, 0, Integer.MAX_VALUE, "24, or 0 for none");
        CommandException.model("interpret", model, List.of(data));
        CommandException.writableFolder(out);
        if (TextModels.isOne(model)) {
            engine.name();
            var table = texts.of(data, pictures.labelColumn());
            try (var progress = console.progress("interpret", -1)) {
                return told(console, new InterpretText(model, table, out, topLosses).run(progress), "texts");
            }
        }
        var job = Interpret.of(model, data, out).data(pictures.of(data)).topLosses(topLosses);
        Interpret.Result result;
        try (var predictor = engine.load(model);
                var progress = console.progress("interpret", -1)) {
            result = job.run(predictor, progress);
            if (ImageGradCam.of(predictor).filter(ImageGradCam::canExplain).isEmpty()) {
                console.warn("the report has no Grad-CAM: an ONNX file hides what is within the network."
                        + " Maybe interpret the model that it was exported from.");
            }
        }
        return told(console, result, "pictures");
    }

    private static int told(Console console, Interpret.Result result, String items) {
        console.json(result.toMap());
        result.note().ifPresent(console::warn);
        show(console, result, items);
        console.rejected(result.rejected());
        return ExitCodes.DONE;
    }

    private static void show(Console console, Interpret.Result result, String items) {
        var interpretation = result.interpretation();
        var report = interpretation.classificationReport();
        if (interpretation.predictions().isMultiLabel()) {
            console.text(report.text(4));
        } else {
            console.text(interpretation.confusionMatrix().text());
            console.text(interpretation.confusionMatrix().normalisedText());
            interpretation.mostConfused(1).stream()
                    .limit(MOST_SHOWN)
                    .map(ConfusionMatrix.Confusion::toString)
                    .forEach(console::result);
        }
        console.table(
                List.of(items, "loss", "accuracy", "macro F1", "calibration error"),
                List.of(List.of(
                        Integer.toString(interpretation.predictions().size()),
                        decimal(interpretation.predictions().meanLoss()),
                        decimal(report.accuracy()),
                        decimal(report.macro().f1()),
                        decimal(interpretation.calibration().expectedError()))));
        if (!report.missing().isEmpty()) {
            console.warn("no " + items.substring(0, items.length() - 1) + " of: " + String.join(", ", report.missing())
                    + "; macro figures count " + (report.missing().size() == 1 ? "it" : "them") + " as 0");
        }
        console.say("The report is " + result.files().get(0) + "; beside it are "
                + (result.files().size() - 1) + " plots.");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
