package espalier.app;

import espalier.clean.Labelled;
import espalier.clean.TextSet;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import espalier.text.TextClassifier;
import espalier.text.TextTargets;
import espalier.text.TextTask;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The texts of a table for the cleaner. A model is nearly always right about texts that it was trained on, be their labels
 * right or wrong. So where a linear model was trained on some of them, all are judged out of fold: by five models of the same
 * kind, each fitted to four fifths of the texts, about the fifth that it has not seen. A network judges them itself.
 *
 * <pre>{@code
 * try (var model = Predictor.load(Path.of("tweets.safetensors"))) {
 *     var set = new CleanTexts(TextTable.of(Path.of("tweets.csv"))).set(model, Progress.NONE);
 *     var cleaner = Cleaner.of(model, set, Progress.NONE);
 * }
 * }</pre>
 *
 * @param data the texts; columns that it does not name are those that the model was trained on
 */
public record CleanTexts(TextTable data) {
    private static final double STRENGTH = 10;

    /** The data set, judged by what is best. @throws DataException when the table cannot be read */
    public TextSet set(Predictor model, Progress progress) {
        var set = data.like(model.document()).set();
        var trained = TrainedOn.of(model.document());
        if (trained.isEmpty() || model.document().isNumeric() || !(model.task() instanceof TextTask task)) {
            return set;
        }
        var texts = set.find().pictures();
        boolean seen = texts.stream().anyMatch(one -> trained.get().has(one.text()));
        return task.classifier()
                .filter(classifier -> seen)
                .map(classifier -> set.outOfFold(outOfFold(classifier, texts, progress)))
                .orElse(set);
    }

    private static Map<String, float[]> outOfFold(TextClassifier model, List<Labelled> all, Progress progress) {
        var classes = model.classes();
        var texts =
                all.stream().filter(one -> classes.containsAll(one.labels())).toList();
        int[][] labels = texts.stream()
                .map(one -> one.labels().stream()
                        .mapToInt(classes::indexOf)
                        .sorted()
                        .toArray())
                .toArray(int[][]::new);
        var targets = model.isMultiLabel()
                ? new TextTargets.Tags(classes.size(), labels)
                : new TextTargets.Classes(
                        classes.size(),
                        Arrays.stream(labels).mapToInt(one -> one[0]).toArray());
        var labelled =
                new LabelledTexts(classes, texts.stream().map(Labelled::text).toList(), targets);
        var learner =
                LinearLearner.standard().features(model.features().options()).strengths(STRENGTH);
        Map<String, float[]> said = new HashMap<>();
        try {
            float[][] rows = learner.fit(labelled, Optional.empty(), progress).validProbabilities();
            for (int i = 0; i < rows.length; i++) {
                if (rows[i] != null) {
                    said.put(texts.get(i).text(), rows[i]);
                }
            }
        } catch (DataException fewOrTooMany) {
            return Map.of(); // then the model itself is asked
        }
        return said;
    }
}
