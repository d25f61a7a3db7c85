package espalier.cli;

import espalier.app.Evaluate;
import java.nio.file.Path;
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
        description = "Judge a model by labelled pictures: the class of each is the name of the folder it is in."
                + " Pictures of classes that the model does not know are reported as rejected.",
        footer = {"", "Example:", "  espalier evaluate dogs.safetensors holdout/"})
final class EvaluateCommand extends EspalierCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model file.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path model;

    @Parameters(index = "1", paramLabel = "DIR", description = "The folder with one sub-folder a class.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path data;

    @Mixin
    private LabelledFlags pictures = new LabelledFlags();

    @Override
    int run(Console console) {
        CommandException.file(model);
        Evaluate.Result result;
        try (var progress = console.progress("evaluate", -1)) {
            result = new Evaluate(model, pictures.of(data)).run(progress);
        }
        console.json(json(result));
        console.table(
                List.of("pictures", "loss", "accuracy", "error_rate", "pictures/s"),
                List.of(List.of(
                        Integer.toString(result.n()),
                        decimal("%.4f", result.loss()),
                        decimal("%.4f", result.metrics().getOrDefault("accuracy", Double.NaN)),
                        decimal("%.4f", result.metrics().getOrDefault("error_rate", Double.NaN)),
                        decimal("%.1f", result.imagesPerSecond()))));
        console.rejected(result.rejected());
        return ExitCodes.DONE;
    }

    private static String decimal(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static Map<String, Object> json(Evaluate.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", result.n());
        json.put("seconds", result.seconds());
        json.put("images_per_second", result.imagesPerSecond());
        json.put("loss", result.loss());
        json.put("metrics", result.metrics());
        json.put("rejected", Console.rejectedJson(result.rejected()));
        return json;
    }
}
