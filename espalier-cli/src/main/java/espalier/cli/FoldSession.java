package espalier.cli;

import espalier.app.Evaluate;
import espalier.app.LabelledPictures;
import espalier.app.TrainImage;
import espalier.data.Splits;
import espalier.files.Folders;
import espalier.item.Item;
import espalier.predict.Ensemble;
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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Trainings by k folds: what a model is worth on few pictures, and a prediction of each by a model that has not seen it. */
final class FoldSession {
    private final TrainImage spec;
    private final int folds;
    private final Console console;
    private final List<Evaluation> evaluations = new ArrayList<>();
    private final List<Outputs> outputs = new ArrayList<>();
    private final List<Evaluation> tests = new ArrayList<>();
    private final Optional<Path> ensemble;

    /**
     * @param spec the training, whose file is the table of predictions
     * @param ensemble where to write the models of all folds as one; empty: they are not kept
     */
    FoldSession(TrainImage spec, int folds, Optional<Path> ensemble, Console console) {
        this.spec = spec;
        this.folds = folds;
        this.ensemble = ensemble;
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
        ensemble.ifPresent(file -> CommandException.writableBeside(file, spec.data()));
        Path models = temporary();
        try {
            return run(csv, models);
        } finally {
            remove(models);
        }
    }

    private int run(Path csv, Path models) {
        try (var interrupts = console.interrupts("Interrupted: finishing the batch. Once more ends at once.")) {
            for (int fold = 0; fold < folds; fold++) {
                if (!trained(fold, models, interrupts)) {
                    console.warn("stopped, and nothing is written: trainings by folds begin anew.");
                    return ExitCodes.INTERRUPTED;
                }
            }
        }
        var result = CrossValidation.Result.of(evaluations, outputs);
        try (var file = ResultFile.open(csv, List.of())) {
            write(result, console.into(file.writer()));
        }
        ensemble.ifPresent(file -> Ensemble.of(IntStream.range(0, folds)
                        .mapToObj(fold -> model(models, fold))
                        .toArray(Path[]::new))
                .save(file));
        var judged = judgedEnsemble();
        console.json(json(result, judged, csv));
        table("over " + folds + " folds", result.spreads());
        if (!tests.isEmpty()) {
            table("on the test, " + tests.get(0).items() + " pictures", testSpreads(result));
        }
        judged.ifPresent(one -> console.say("the mean of the models on the test: "
                + one.metrics().entrySet().stream()
                        .map(metric -> metric.getKey() + " " + Amounts.decimal("%.4f", metric.getValue()))
                        .collect(Collectors.joining(", "))));
        ensemble.ifPresent(file -> console.result("saved " + file + " (the mean of " + folds + " models)"));
        console.result("saved " + csv + " (" + result.outputs().items().size()
                + " pictures, each predicted by a model that was not trained on it)");
        return ExitCodes.DONE;
    }

    private void table(String head, Map<String, CrossValidation.Spread> spreads) {
        var rows = new ArrayList<List<String>>();
        spreads.forEach((name, spread) -> rows.add(
                List.of(name, Amounts.decimal("%.4f", spread.mean()), Amounts.decimal("%.4f", spread.deviation()))));
        console.table(List.of(head, "mean", "deviation"), rows);
    }

    /** Of the pictures of the test, of which no fold has any. */
    private Map<String, CrossValidation.Spread> testSpreads(CrossValidation.Result result) {
        return new CrossValidation.Result(tests, result.outputs(), result.foldOf()).spreads();
    }

    /** What all models together are worth on the test. */
    private Optional<Evaluate.Result> judgedEnsemble() {
        if (ensemble.isEmpty() || tests.isEmpty()) {
            return Optional.empty();
        }
        var data = LabelledPictures.of(spec.data()).part(Splits.Part.TEST);
        var table = spec.pictures().table();
        var job = new Evaluate(ensemble.get(), table.map(data::table).orElse(data));
        try (var progress = console.progress("test", -1)) {
            return Optional.of(job.run(progress));
        }
    }

    private static Path model(Path folder, int fold) {
        return folder.resolve("fold-" + (fold + 1) + ".safetensors");
    }

    /** Trains on all pictures but those of a fold, and predicts these; false when it was interrupted. */
    private boolean trained(int fold, Path models, Interrupts interrupts) {
        try (var training = spec.out(model(models, fold)).open(spec.pictures().fold(fold, folds, spec.seed()))) {
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
            var test = training.loaders().test();
            if (test.dataset().size() > 0) {
                tests.add(
                        training.learner().evaluate(training.learner().loaders().test()));
            }
            return true;
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("espalier-fold");
        } catch (IOException full) {
            throw new UncheckedIOException("there is no place for the models of the folds: " + full.getMessage(), full);
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

    private static Map<String, Object> json(Map<String, CrossValidation.Spread> spreads) {
        Map<String, Object> values = new LinkedHashMap<>();
        spreads.forEach(
                (name, spread) -> values.put(name, Map.of("mean", spread.mean(), "deviation", spread.deviation())));
        return values;
    }

    private Map<String, Object> json(CrossValidation.Result result, Optional<Evaluate.Result> judged, Path csv) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("folds", folds);
        json.put("n", result.outputs().items().size());
        json.put("values", json(result.spreads()));
        if (!tests.isEmpty()) {
            json.put("test", json(testSpreads(result)));
        }
        judged.ifPresent(one -> json.put("ensemble_test", one.metrics()));
        ensemble.ifPresent(file -> json.put("ensemble", file.toString()));
        json.put("saved", csv.toString());
        return json;
    }
}
