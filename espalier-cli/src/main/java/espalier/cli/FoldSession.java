package espalier.cli;

import espalier.app.TrainImage;
import espalier.data.Splits;
import espalier.files.Folders;
import espalier.item.Item;
import espalier.train.CrossValidation;
import espalier.train.Evaluation;
import espalier.train.Outputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Trainings by k folds: what a model is worth on few pictures, and a prediction of each by a model that has not seen it. */
final class FoldSession {
    private final TrainImage spec;
    private final int folds;
    private final Console console;
    private final List<Evaluation> evaluations = new ArrayList<>();
    private final List<Outputs> outputs = new ArrayList<>();

    /** @param spec the training, whose file is the table of predictions */
    FoldSession(TrainImage spec, int folds, Console console) {
        this.spec = spec;
        this.folds = folds;
        this.console = console;
    }

    int run() {
        Path csv = spec.out();
        if (!csv.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--folds writes a table of predictions and no model: --out is " + csv
                            + ", expected a name that ends in .csv. Maybe folds.csv.");
        }
        CommandException.writableBeside(csv, spec.data());
        try (var interrupts = console.interrupts("Interrupted: finishing the batch. Once more ends at once.")) {
            for (int fold = 0; fold < folds; fold++) {
                if (!trained(fold, interrupts)) {
                    console.warn("stopped, and nothing is written: trainings by folds begin anew.");
                    return ExitCodes.INTERRUPTED;
                }
            }
        }
        var result = CrossValidation.Result.of(evaluations, outputs);
        try (var file = ResultFile.open(csv, List.of())) {
            write(result, console.into(file.writer()));
        }
        console.json(json(result, csv));
        var table = new ArrayList<List<String>>();
        result.spreads()
                .forEach((name, spread) -> table.add(List.of(
                        name,
                        EvaluateCommand.decimal("%.4f", spread.mean()),
                        EvaluateCommand.decimal("%.4f", spread.deviation()))));
        console.table(List.of("over " + folds + " folds", "mean", "deviation"), table);
        console.result("saved " + csv + " (" + result.outputs().items().size()
                + " pictures, each predicted by a model that was not trained on it)");
        return ExitCodes.DONE;
    }

    /** Trains on all pictures but those of a fold, and predicts these; false when it was interrupted. */
    private boolean trained(int fold, Interrupts interrupts) {
        Path folder = temporary();
        Path model = folder.resolve("fold.safetensors");
        try (var training = spec.out(model).open(Splits.fold(fold, folds).seed(spec.seed()))) {
            interrupts.onFirst(training.learner()::interrupt);
            console.say(String.format(
                    Locale.ROOT,
                    "fold %d of %d: %d training and %d validation pictures",
                    fold + 1,
                    folds,
                    training.loaders().train().dataset().size(),
                    training.loaders().valid().dataset().size()));
            var report = training.listener(console::say).run(new EpochTable(console));
            if (report.interrupted()) {
                return false;
            }
            if (fold == 0) {
                console.rejected(report.rejected());
            }
            var kept = report.kept().orElseThrow();
            var said = training.learner().predictions();
            evaluations.add(new Evaluation(
                    kept.validLoss(), kept.metrics(), said.items().size(), report.seconds()));
            outputs.add(said);
            return true;
        } finally {
            remove(folder);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("espalier-fold");
        } catch (IOException full) {
            throw new UncheckedIOException("there is no place for the model of a fold: " + full.getMessage(), full);
        }
    }

    private static void remove(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException remaining) {
            folder.toFile().deleteOnExit();
        }
    }

    private static void write(CrossValidation.Result result, Console table) {
        var said = result.outputs();
        var head = new ArrayList<>(List.of("file", "fold", "label", "loss"));
        said.classes().forEach(name -> head.add(Answers.harmless(name)));
        Answers.row(head, table);
        for (int i = 0; i < said.items().size(); i++) {
            Item item = said.items().get(i);
            var row = new ArrayList<>(List.of(
                    Answers.harmless(item.id()),
                    String.valueOf(result.foldOf().get(i) + 1),
                    Answers.harmless(String.join(" ", said.labels().get(i))),
                    String.format(Locale.ROOT, "%.6f", said.losses()[i])));
            for (float probability : said.probabilities()[i]) {
                row.add(String.format(Locale.ROOT, "%.6f", probability));
            }
            Answers.row(row, table);
        }
    }

    private Map<String, Object> json(CrossValidation.Result result, Path csv) {
        Map<String, Object> values = new LinkedHashMap<>();
        result.spreads()
                .forEach((name, spread) ->
                        values.put(name, Map.of("mean", spread.mean(), "deviation", spread.deviation())));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("folds", folds);
        json.put("n", result.outputs().items().size());
        json.put("values", values);
        json.put("saved", csv.toString());
        return json;
    }
}
