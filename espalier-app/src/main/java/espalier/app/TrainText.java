package espalier.app;

import espalier.files.Destination;
import espalier.files.OutputLock;
import espalier.format.RunOptions;
import espalier.interpret.ClassificationReport;
import espalier.interpret.Predictions;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import espalier.train.Callback;
import espalier.train.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Training on the texts of a table: the job of {@code espalier train text}.
 *
 * <pre>{@code
 * var tweets = TextTable.of(Path.of("tweets.csv")).columns("5", "0");
 * TextReport report = TrainText.of(tweets, Path.of("tweets.safetensors")).run(Progress.NONE);
 * }</pre>
 *
 * @param data the texts and labels
 * @param out the model file to write
 * @param validShare the share of the texts to choose the strength by, 0.2; with 0 it is chosen by cross-validation
 * @param testShare the share of the texts to judge the finished model by, 0.2; it is never trained on
 * @param seed of the split, and of what is random in a network's training, 42
 * @param trainer what is trained, a linear model
 * @param caption what the model is called, nothing unless told
 * @param resume whether to go on from the checkpoints that an interrupted training of a network left beside {@code out}
 */
public record TrainText(
        TextTable data,
        Path out,
        double validShare,
        double testShare,
        long seed,
        TextTrainer trainer,
        Caption caption,
        boolean resume) {
    private static final int SHOWN = 5;

    public TrainText {
        if (!(validShare >= 0 && testShare >= 0 && validShare + testShare < 1)) {
            throw new IllegalArgumentException(
                    "the shares for validation and test must not be below 0, and something must"
                            + " be left to train on, but they are " + validShare + " and " + testShare
                            + ". Maybe .2 and .2, which leave .6.");
        }
    }

    /** The defaults for a table and a model file. */
    public static TrainText of(TextTable data, Path out) {
        return new TrainText(
                data,
                out,
                0.2,
                0.2,
                TrainImage.STANDARD_SEED,
                LinearTexts.of(LinearLearner.standard()),
                Caption.NONE,
                false);
    }

    /** The same with other shares. */
    public TrainText shares(double valid, double test) {
        return new TrainText(data, out, valid, test, seed, trainer, caption, resume);
    }

    /** The same with another seed. */
    public TrainText seed(long seed) {
        return new TrainText(data, out, validShare, testShare, seed, trainer, caption, resume);
    }

    /** The same with a linear model trained otherwise. */
    public TrainText learner(LinearLearner learner) {
        return trainer(LinearTexts.of(learner));
    }

    /** The same with a title and a description in the model file. */
    public TrainText caption(Caption caption) {
        return new TrainText(data, out, validShare, testShare, seed, trainer, caption, resume);
    }

    /** The same with another kind of model. */
    public TrainText trainer(TextTrainer trainer) {
        return new TrainText(data, out, validShare, testShare, seed, trainer, caption, resume);
    }

    /** The same, going on from checkpoints or from the beginning. */
    public TrainText resume(boolean resume) {
        return new TrainText(data, out, validShare, testShare, seed, trainer, caption, resume);
    }

    /** Where checkpoints of a network are kept until its training has come to its end: a folder beside {@link #out}. */
    public Checkpoints checkpoints() {
        return Checkpoints.beside(out);
    }

    /**
     * Trains, judges and writes the model file. When a network's training is interrupted, its checkpoints stay, and nothing else
     * is written.
     *
     * @param callbacks watch the training of a network
     * @throws UncheckedIOException when {@link #out} cannot be written
     * @throws DataException when the table holds nothing to train on
     */
    public TextReport run(Progress progress, Callback... callbacks) {
        long start = System.nanoTime();
        try (var lock = lock()) {
            progress.update(0, -1, "reading " + data.table().file());
            var rows = data.read();
            var parts = split(rows);
            long fitting = System.nanoTime();
            var run = new TextTrainer.Run(seed, out, progress, List.of(callbacks), resume);
            try (var trained = trainer.train(parts, run)) {
                double fitted = (System.nanoTime() - fitting) / 1e9;
                var metrics = new LinkedHashMap<String, Double>();
                if (!trained.interrupted()) {
                    judge("valid", trained.valid(), metrics);
                    judge("test", new TextTrainer.Judged(parts.test(), trained.test()), metrics);
                    trained.export(out, metrics, details(rows, parts));
                    checkpoints().delete();
                }
                var training = trained.training();
                int seen = parts.train().size()
                        + (trainer.seesValidation() ? parts.valid().size() : 0);
                return new TextReport(
                        trainer.model(),
                        parts.train().classes(),
                        parts.train().size(),
                        parts.valid().size(),
                        parts.test().size(),
                        training,
                        (System.nanoTime() - start) / 1e9,
                        training.epochs() * seen / fitted,
                        metrics,
                        trained.interrupted(),
                        rows.rejected(),
                        rows.warnings());
            }
        } catch (IOException held) {
            throw new UncheckedIOException(held.getMessage(), held);
        }
    }

    /** The texts of the table by their parts. */
    LabelledTexts.Parts split(TextTable.Rows rows) {
        return labelled(rows).split(seed, validShare, testShare);
    }

    /** Fails now rather than after the work. */
    private OutputLock lock() throws IOException {
        Destination.fileBeside(out, data.table().file(), Set.of());
        return OutputLock.take(out);
    }

    private LabelledTexts labelled(TextTable.Rows rows) {
        if (!rows.quantities().isEmpty()) {
            return LabelledTexts.quantities(rows.quantities(), rows.texts(), JudgedNumbers.values(rows.labels()));
        }
        if (data.tags()) {
            return LabelledTexts.tags(rows.texts(), rows.labels());
        }
        checkClasses(rows);
        return LabelledTexts.of(
                rows.texts(), rows.labels().stream().map(one -> one.get(0)).toList());
    }

    /** A class with one text can be trained on or judged, not both. */
    private void checkClasses(TextTable.Rows rows) {
        Map<String, List<Long>> lines = new LinkedHashMap<>();
        for (int i = 0; i < rows.texts().size(); i++) {
            lines.computeIfAbsent(rows.labels().get(i).get(0), label -> new ArrayList<>())
                    .add(rows.lines().get(i));
        }
        var single = lines.entrySet().stream()
                .filter(one -> one.getValue().size() == 1)
                .toList();
        if (!single.isEmpty()) {
            String shown = single.stream()
                    .limit(SHOWN)
                    .map(one -> one.getKey() + " (line " + one.getValue().get(0) + ")")
                    .collect(Collectors.joining(", "));
            throw new DataException(data.table().file() + ": " + single.size() + " of " + lines.size()
                    + (single.size() == 1 ? " classes has" : " classes have") + " a single text: " + shown
                    + (single.size() > SHOWN ? " ..." : "")
                    + ". Maybe a label is misspelt, the column holds no labels, or rare classes should be one.");
        }
    }

    private Map<String, Object> details(TextTable.Rows rows, LabelledTexts.Parts parts) {
        Map<String, String> options = new LinkedHashMap<>(rows.options());
        options.put("--valid", String.valueOf(validShare));
        options.put("--test", String.valueOf(testShare));
        options.put("--seed", String.valueOf(seed));
        options.putAll(trainer.options());
        Map<String, Object> details = new HashMap<>(RunOptions.details(options));
        List<String> seen = new ArrayList<>(parts.train().texts());
        if (trainer.seesValidation()) {
            seen.addAll(parts.valid().texts());
        }
        details.putAll(TrainedOn.texts(seen));
        details.putAll(caption.details());
        return details;
    }

    private static void judge(String part, TextTrainer.Judged judged, Map<String, Double> metrics) {
        if (judged.probabilities().length == 0) {
            return;
        }
        if (judged.texts().isNumeric()) {
            var figures = JudgedNumbers.figures(judged.texts(), judged.probabilities());
            metrics.put(part + "_loss", figures.getOrDefault("mse", Double.NaN));
            figures.forEach((name, value) -> metrics.put(part + "_" + name, value));
            return;
        }
        var predictions = predictions(judged.texts(), judged.probabilities());
        metrics.put(part + "_loss", predictions.meanLoss());
        figures(predictions).forEach((name, value) -> metrics.put(part + "_" + name, value));
    }

    /** What a model said about texts. */
    static Predictions predictions(LabelledTexts texts, float[][] rows) {
        var targets = texts.targets();
        if (!texts.isMultiLabel()) {
            int[] classes = new int[rows.length];
            Arrays.setAll(classes, i -> targets.labels(i)[0]);
            return Predictions.of(texts.classes(), rows, classes);
        }
        var flags = new boolean[rows.length][texts.classes().size()];
        for (int i = 0; i < flags.length; i++) {
            for (int label : targets.labels(i)) {
                flags[i][label] = true;
            }
        }
        return Predictions.multiLabel(texts.classes(), rows, flags);
    }

    /** Accuracy, error rate and the mean F1 over the classes. */
    static Map<String, Double> figures(Predictions predictions) {
        var report = ClassificationReport.of(predictions);
        int n = predictions.size();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("accuracy", report.accuracy());
        figures.put("error_rate", (double) Math.round((1 - report.accuracy()) * n) / n);
        figures.put("f1_macro", report.macro().f1());
        return figures;
    }
}
