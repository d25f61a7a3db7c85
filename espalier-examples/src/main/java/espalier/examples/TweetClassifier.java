package espalier.examples;

import espalier.app.TextReport;
import espalier.app.TextTable;
import espalier.app.TrainText;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import espalier.text.NGrams;
import espalier.text.TextClassifier;
import espalier.text.TextTask;
import espalier.text.TfIdf;
import espalier.token.Tokenizers;
import java.nio.file.Path;
import java.util.List;

/** The tutorial on texts: from a table of tweets to a classifier that says why. */
public final class TweetClassifier {
    private TweetClassifier() {}

    /** Arguments: a table of texts, the columns of texts and labels, and a model file to write. */
    public static void main(String[] args) {
        var table = TextTable.of(Path.of(args[0])).columns(args[1], args[2]);
        run(table, Path.of(args[3]));
    }

    /** Trains, predicts, and shows what decided. */
    static TextReport run(TextTable table, Path model) {
        // region train
        var report = TrainText.of(table, model).run(Progress.NONE);
        System.out.println(report.metrics().get("test_accuracy")); // 0.8697
        // endregion
        // region predict
        try (var predictor = Predictor.load(model)) {
            var prediction = predictor.predictText("I love this");
            System.out.println(prediction); // 4 (99.9 %)
            var classifier = ((TextTask) predictor.task()).classifier().orElseThrow();
            classifier.explain("I love this", prediction.index(), 5).forEach(System.out::println);
            classifier.telling(prediction.index(), 10).forEach(System.out::println); // !, love, good, great ...
        }
        // endregion
        return report;
    }

    /** The parts of the training, each to be replaced. */
    static TextClassifier byHand(List<String> texts, List<String> labels) {
        // region parts
        var words = new NGrams.Words(Tokenizers.tweets(), 1, 2);
        var parts = LabelledTexts.of(texts, labels).split(42, 0.2, 0.2);
        var fit = LinearLearner.standard()
                .features(TfIdf.of(words, NGrams.characters(2, 5)))
                .balanced(true)
                .fit(parts.train(), parts.valid());
        System.out.println(fit.c() + " is the strength that did best of " + fit.trials());
        // endregion
        return fit.classifier();
    }
}
