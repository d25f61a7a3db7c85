package espalier.cli;

import espalier.app.Evaluate;
import espalier.app.TagFigures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
final class EvaluateCommand extends EspalierCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model file.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path model;

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description =
                    "The folder with one sub-folder a class, or the table: of pictures, see --images, or of texts.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path data;

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
        console.json(json(result, "images_per_second"));
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
        var row = new ArrayList<>(List.of(Integer.toString(result.n()), decimal("%.4f", result.loss())));
        for (String metric : metrics) {
            head.add(metric.replace("average", "avg"));
            row.add(decimal("%.4f", result.metrics().getOrDefault(metric, Double.NaN)));
        }
        if (result.tags().isEmpty()) { // with them the line is full
            head.add("pictures/s");
            row.add(decimal("%.1f", result.imagesPerSecond()));
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
                                decimal("%.4f", tag.precision()),
                                decimal("%.4f", tag.recall()),
                                decimal("%.4f", tag.f1()),
                                decimal("%.4f", tag.averagePrecision()),
                                decimal("%.2f", tag.threshold())))
                        .toList());
    }

    static String decimal(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** The result as JSON has it; {@code rate} is what items in a second are called. */
    static Map<String, Object> json(Evaluate.Result result, String rate) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", result.n());
        json.put("seconds", result.seconds());
        json.put(rate, result.imagesPerSecond());
        json.put("loss", result.loss());
        json.put("metrics", result.metrics());
        if (!result.tags().isEmpty()) {
            json.put("tags", result.tags().stream().map(TagFigures::toMap).toList());
        }
        result.note().ifPresent(said -> json.put("note", said));
        json.put("rejected", Console.rejectedJson(result.rejected()));
        return json;
    }
}
