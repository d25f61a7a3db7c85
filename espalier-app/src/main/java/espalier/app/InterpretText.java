package espalier.app;

import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.interpret.HtmlReport;
import espalier.interpret.Interpretation;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.text.TextPredictor.Telling;
import espalier.text.TextTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The job of finding out how good a model of texts is and where it errs: the report of {@link Interpret} with the texts of
 * largest loss, and with what speaks for each class: n-grams of a linear model by their weights, words of a network by integrated gradients.
 *
 * @param model the model file
 * @param data the labelled texts; columns that it does not name are those that the model was trained on
 * @param out the folder to write to, made if need be
 * @param topLosses how many texts of largest loss the report shows, and half as many of smallest and least sure; 24
 */
public record InterpretText(Path model, TextTable data, Path out, int topLosses) {
    private static final int TELLING = 30;
    private static final int MOST_CLASSES = 50;

    /** By the texts of a table. */
    public static InterpretText of(Path model, TextTable data, Path out) {
        return new InterpretText(model, data, out, 24);
    }

    /**
     * Judges the model and writes the report. Texts that most are known of to be trained on are left out, as in
     * {@link EvaluateText}.
     *
     * @throws espalier.format.ModelFileException when the model file cannot be used
     * @throws espalier.report.DataException when there is no text to judge it by
     * @throws UncheckedIOException when {@link #out} cannot be written
     */
    public Interpret.Result run(Progress progress) {
        try (var predictor = Predictor.load(model)) {
            Destination.folder(out);
            var texts = EvaluateText.of(model, data).judge(predictor, progress);
            var folder = new ReportFolder(out, predictor.document(), texts.judged(), topLosses);
            folder.plots();
            var named = Interpretation.of(texts.judged().predictions());
            return folder.write(
                    model,
                    data.table().file(),
                    named,
                    page -> telling(
                            predictor,
                            List.copyOf(texts.texts().values()),
                            page.texts(item -> texts.texts().getOrDefault(item, item))));
        } catch (IOException unwritable) {
            var told = CannotWriteException.of(out, unwritable);
            throw new UncheckedIOException(told.getMessage(), told);
        }
    }

    /** With the n-grams or the tokens that speak for each class. */
    private static HtmlReport telling(Predictor predictor, List<String> texts, HtmlReport page) {
        if (!(predictor.task() instanceof TextTask task)) {
            return page;
        }
        var model = task.model();
        Map<String, List<String>> words = new LinkedHashMap<>();
        for (int k = 0; k < Math.min(MOST_CLASSES, model.classes().size()); k++) {
            words.put(
                    model.classes().get(k),
                    model.telling(texts, k, TELLING).stream()
                            .map(Telling::ngram)
                            .toList());
        }
        return page.telling(words);
    }
}
