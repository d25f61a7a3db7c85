package espalier.app;

import espalier.data.LookAlikes;
import espalier.interpret.Predictions;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The job of judging a model file by labelled texts.
 *
 * @param model the model file
 * @param data the texts; columns that it does not name are those that the model was trained on
 * @param trainedToo whether texts count that the model was trained on when most are such
 */
public record EvaluateText(Path model, TextTable data, boolean trainedToo) {
    private static final int AT_ONCE = 1_024;

    /** By the texts of a table. */
    public static EvaluateText of(Path model, TextTable data) {
        return new EvaluateText(model, data, false);
    }

    /** Also by those that the model was trained on, on which it does better than on any others. */
    public EvaluateText withTrained() {
        return new EvaluateText(model, data, true);
    }

    /**
     * Judges the model. Texts whose label the model does not know are rejected.
     *
     * @throws espalier.format.ModelFileException when the model file cannot be used
     * @throws DataException when there is no text to judge it by
     */
    public Evaluate.Result run(Progress progress) {
        try (var predictor = Predictor.load(model)) {
            if (predictor.document().isNumeric()) {
                return new Judge(predictor).numbers(progress);
            }
            var judged = judge(predictor, progress).judged();
            var predictions = judged.predictions();
            var figures = TrainText.figures(predictions);
            var tags = predictions.isMultiLabel() ? TagFigures.of(predictions) : List.<TagFigures>of();
            if (predictions.isMultiLabel()) {
                figures.putAll(TagFigures.metrics(predictions, tags));
            }
            return new Evaluate.Result(
                    predictions.size(),
                    judged.seconds(),
                    predictions.meanLoss(),
                    figures,
                    tags,
                    judged.rejected(),
                    judged.note());
        }
    }

    /**
     * What a model said about labelled texts.
     *
     * @param judged the predictions, named by the lines of the table
     * @param texts the texts by these names
     */
    record Texts(Judged judged, Map<String, String> texts) {}

    /** What a predictor says of the texts. */
    Texts judge(Predictor predictor, Progress progress) {
        if (predictor.document().isNumeric()) {
            throw new IllegalArgumentException("the model says quantities, " + predictor.classes()
                    + ", and has no classes that could be right or wrong."
                    + " Maybe evaluate it, which gives its mean errors.");
        }
        return new Judge(predictor).run(progress);
    }

    /** The texts and what is said of them. */
    private final class Judge {
        private final Predictor predictor;
        private final List<String> texts = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final List<int[]> targets = new ArrayList<>();
        private final List<List<String>> quantities = new ArrayList<>();
        private final List<Rejected> rejected;
        private final Optional<String> note;

        Judge(Predictor predictor) {
            this.predictor = predictor;
            var rows = data.like(predictor.document()).read();
            this.rejected = new ArrayList<>(rows.rejected());
            var trained = TrainedOn.of(predictor.document());
            int known = (int) rows.texts().stream()
                    .filter(text -> trained.isPresent() && trained.get().has(text))
                    .count();
            int all = rows.texts().size();
            boolean leaveOut = !trainedToo && 2 * known >= all && known < all;
            this.note = known == 0
                    ? Optional.empty()
                    : Optional.of("the model was trained on " + known + " of these " + all + " texts; "
                            + (leaveOut ? "it is judged by the other " + (all - known) : "on new ones it does worse"));
            for (int i = 0; i < all; i++) {
                if (!leaveOut || !trained.orElseThrow().has(rows.texts().get(i))) {
                    add(rows, i);
                }
            }
            if (texts.isEmpty()) {
                throw new DataException(data.table().file() + ": no row has a label that the model knows; the first: "
                        + rejected.get(0) + ". Maybe another column holds the labels: the model knows "
                        + String.join(
                                ", ", predictor.classes().stream().limit(20).toList()) + ".");
            }
        }

        private void add(TextTable.Rows rows, int i) {
            var labels = rows.labels().get(i);
            if (predictor.document().isNumeric()) {
                texts.add(rows.texts().get(i));
                quantities.add(labels);
                return;
            }
            int[] numbers =
                    labels.stream().mapToInt(predictor.classes()::indexOf).toArray();
            for (int k = 0; k < numbers.length; k++) {
                if (numbers[k] < 0) {
                    rejected.add(new Rejected(
                            "line " + rows.lines().get(i),
                            "its class " + labels.get(k) + " is not one of the model's"
                                    + LookAlikes.hint(labels.get(k), predictor.classes())));
                    return;
                }
            }
            texts.add(rows.texts().get(i));
            names.add("line " + rows.lines().get(i));
            targets.add(numbers);
        }

        private List<Prediction> predict(Progress progress) {
            List<Prediction> all = new ArrayList<>();
            for (int from = 0; from < texts.size(); from += AT_ONCE) {
                var some = texts.subList(from, Math.min(texts.size(), from + AT_ONCE));
                all.addAll(predictor.predictInputs(
                        some.stream().map(predictor::readText).toList()));
                progress.update(all.size(), texts.size(), "");
            }
            return all;
        }

        Evaluate.Result numbers(Progress progress) {
            long start = System.nanoTime();
            float[][] said =
                    predict(progress).stream().map(JudgedNumbers::values).toArray(float[][]::new);
            double seconds = (System.nanoTime() - start) / 1e9;
            var figures = JudgedNumbers.figures(said, JudgedNumbers.values(quantities));
            double loss = figures.getOrDefault("mse", Double.NaN);
            return new Evaluate.Result(said.length, seconds, loss, figures, List.of(), List.copyOf(rejected), note);
        }

        Texts run(Progress progress) {
            long start = System.nanoTime();
            var rows = predict(progress).stream().map(Prediction::probabilities).toList();
            double seconds = (System.nanoTime() - start) / 1e9;
            Map<String, String> byName = new HashMap<>();
            for (int i = 0; i < texts.size(); i++) {
                byName.put(names.get(i), texts.get(i));
            }
            var predictions = predictions(rows.toArray(float[][]::new)).items(names);
            return new Texts(new Judged(predictions, seconds, List.copyOf(rejected), note), byName);
        }

        private Predictions predictions(float[][] rows) {
            var document = predictor.document();
            if (!document.isMultiLabel()) {
                return Predictions.of(
                        predictor.classes(),
                        rows,
                        targets.stream().mapToInt(one -> one[0]).toArray());
            }
            var flags = new boolean[rows.length][predictor.classes().size()];
            for (int i = 0; i < flags.length; i++) {
                for (int label : targets.get(i)) {
                    flags[i][label] = true;
                }
            }
            return Predictions.multiLabel(predictor.classes(), rows, flags);
        }
    }
}
