package espalier.cli;

import espalier.app.Evaluate;
import espalier.app.TagFigures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code espalier evaluate}: metrics of a model on labelled pictures. */
@Command(
        name = "evaluate",
        description = {
            "Judge a model by labelled pictures or texts.",
            "The class of each picture is the name of the folder it is in. Pictures of classes that the model does not know"
                    + " are reported as rejected. A model of texts is judged by a table."
        },
        footer = {
            "",
            "Examples:",
            "  espalier evaluate dogs.safetensors holdout/",
            "  espalier evaluate planet.safetensors train.csv --images train-jpg --split valid",
            "  espalier evaluate planet.safetensors train.csv --images train-jpg --split valid --tta",
            "  espalier evaluate tweets.safetensors more-tweets.csv"
        })
final class EvaluateCommand extends ModelCommand {
    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description =
                    "The folder with one sub-folder a class, or the table: of pictures, see --images, or of texts.")
    private Path data = Path.of("");

    @Mixin
    private LabelledFlags pictures = new LabelledFlags();

    @Mixin
    private EngineFlag engine = new EngineFlag();

    @Mixin
    private TtaFlag tta = new TtaFlag();

    @Mixin
    private TextColumnFlags texts = new TextColumnFlags();

    @Override
    int run(Console console) {
        CommandException.model("evaluate", model, List.of(data));
        if (TextModels.isOne(model)) {
            engine.name();
            tta.refuseTexts();
            return TextModels.evaluate(model, texts.of(data, pictures.labelColumn()), pictures.all(), console);
        }
        Evaluate.Result result;
        try (var predictor = engine.load(model);
                var progress = console.progress("evaluate", -1)) {
            var job = new Evaluate(model, pictures.of(data));
            var passes = tta.passes();
            result = passes.isPresent() ? job.run(predictor, passes.get(), progress) : job.run(predictor, progress);
        }
        console.json(result.toMap("images_per_second"));
        result.note().ifPresent(console::warn);
        if (result.metrics().containsKey("mae")) {
            figures(console, result, List.of("mae", "rmse", "r2_score"));
        } else if (result.tags().isEmpty()) {
            figures(console, result, List.of("accuracy", "error_rate"));
        } else {
            figures(console, result, List.of("accuracy_multi", "f2_samples", "f2_macro", "average_precision"));
            tags(console, result.tags());
        }
        console.rejected(result.rejected());
        return ExitCodes.DONE;
    }

    private static void figures(Console console, Evaluate.Result result, List<String> metrics) {
        var head = new ArrayList<>(List.of("pictures", "loss"));
        var row = new ArrayList<>(List.of(Integer.toString(result.n()), Amounts.decimal("%.4f", result.loss())));
        for (String metric : metrics) {
            head.add(metric.replace("average", "avg"));
            row.add(Amounts.decimal("%.4f", result.metrics().getOrDefault(metric, Double.NaN)));
        }
        if (result.tags().isEmpty()) { // with them the line is full
            head.add("pictures/s");
            row.add(Amounts.decimal("%.1f", result.imagesPerSecond()));
        }
        console.table(head, List.of(row));
    }

    private static void tags(Console console, List<TagFigures> tags) {
        console.say("");
        console.table(
                List.of("tag", "pictures", "precision", "recall", "f1", "avg_precision", "threshold"),
                tags.stream()
                        .map(tag -> List.of(
                                tag.tag(),
                                Long.toString(tag.items()),
                                Amounts.decimal("%.4f", tag.precision()),
                                Amounts.decimal("%.4f", tag.recall()),
                                Amounts.decimal("%.4f", tag.f1()),
                                Amounts.decimal("%.4f", tag.averagePrecision()),
                                Amounts.decimal("%.2f", tag.threshold())))
                        .toList());
    }
}
