package espalier.cli;

import espalier.app.Evaluate;
import espalier.app.EvaluateText;
import espalier.app.PredictTable;
import espalier.app.TextTable;
import espalier.cli.Answers.Form;
import espalier.format.ModelFile;
import espalier.onnxruntime.OnnxModel;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.text.TextTask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What commands do differently with a model of texts. */
final class TextModels {
    private TextModels() {}

    /** Whether a file is a model of texts. */
    static boolean isOne(Path model) {
        if (!Files.isRegularFile(model)) {
            return false;
        }
        return model.toString().endsWith(".onnx")
                ? TextTask.takes(OnnxModel.read(model).document())
                : model.toString().endsWith(".safetensors") && TextTask.takes(ModelFile.inspect(model));
    }

    /** Whether a path is a table, by its ending. */
    static boolean isTable(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).matches("(?s).*[.](csv|tsv|tab|jsonl|ndjson)");
    }

    /** Judges a model by a table. */
    static int evaluate(Path model, TextTable data, boolean trainedToo, Console console) {
        Evaluate.Result result;
        try (var progress = console.progress("evaluate", -1)) {
            result = new EvaluateText(model, data, trainedToo).run(progress);
        }
        console.json(result.toMap("items_per_second"));
        result.note().ifPresent(console::warn);
        var row = new ArrayList<>(List.of(Integer.toString(result.n()), Amounts.decimal("%.4f", result.loss())));
        var head = new ArrayList<>(List.of("texts", "loss"));
        var shown = result.metrics().containsKey("mae")
                ? List.of("mae", "rmse", "r2_score")
                : result.tags().isEmpty()
                        ? List.of("accuracy", "error_rate", "f1_macro")
                        : List.of("accuracy_multi", "f1_macro", "average_precision");
        for (String name : shown) {
            head.add(name);
            row.add(Amounts.decimal("%.4f", result.metrics().getOrDefault(name, Double.NaN)));
        }
        head.add("texts/s");
        row.add(Amounts.decimal("%.0f", result.imagesPerSecond()));
        console.table(head, List.of(row));
        console.rejected(result.rejected());
        return ExitCodes.DONE;
    }

    /** Predicts the given texts; without any, each line of standard input as soon as it comes. */
    static int predict(Path model, List<String> texts, Form form, Console console, Progress progress) {
        try (var predictor = Predictor.load(model);
                var answers = Answers.of(console, form, predictor.document(), "text")) {
            int done = 0;
            for (String text : texts) {
                answer(predictor, text, answers);
                progress.update(++done, texts.size(), "");
            }
            if (done > 0) {
                return ExitCodes.DONE;
            }
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answer(predictor, line, answers);
                progress.update(++done, -1, "");
            }
            return ExitCodes.DONE;
        } catch (IOException unreadable) {
            throw new CommandException(
                    ExitCodes.IO, "standard input cannot be read: " + unreadable.getMessage() + ".", unreadable);
        }
    }

    private static void answer(Predictor predictor, String text, Answers answers) {
        answers.add(text, Optional.of(predictor.predictText(text)), Optional.empty());
    }

    /** Predicts the texts of a table: the same table with two more columns. */
    static int predict(Path model, TextTable data, Form form, Console console, Progress progress) {
        boolean table = form == Form.CSV || form == Form.LINES;
        int[] done = new int[1];
        try (var predictor = Predictor.load(model);
                var answers = Answers.of(console, table ? Form.LINES : form, predictor.document(), "text")) {
            var more = predictor.document().isNumeric() ? predictor.classes() : List.of("predicted", "probability");
            new PredictTable(data).run(predictor, names -> head(table ? names : List.of(), more, console), answer -> {
                if (table) {
                    row(answer.row().cells(), answer.prediction(), more.size(), console);
                } else {
                    answers.add(answer.text(), answer.prediction(), answer.error());
                }
                progress.update(++done[0], -1, "");
            });
            return ExitCodes.DONE;
        }
    }

    private static void head(List<String> names, List<String> more, Console console) {
        if (!names.isEmpty()) {
            Answers.row(
                    extended(
                            names,
                            more.stream()
                                    .map(name -> names.contains(name) ? name + "_predicted" : name)
                                    .toList()),
                    console);
        }
    }

    private static void row(List<String> cells, Optional<Prediction> prediction, int more, Console console) {
        var said = prediction.map(TextModels::said).orElseGet(() -> Collections.nCopies(more, ""));
        Answers.row(extended(cells, said), console);
    }

    private static List<String> said(Prediction prediction) {
        return prediction.isNumeric()
                ? prediction.values().values().stream()
                        .map(value -> Float.toString(value.floatValue()))
                        .toList()
                : List.of(Answers.harmless(String.join(" ", prediction.labels())), Float.toString((float)
                        prediction.probability()));
    }

    private static List<String> extended(List<String> cells, List<String> more) {
        var all = new ArrayList<>(cells);
        all.addAll(more);
        return all;
    }
}
