package espalier.examples;

import espalier.app.TextTable;
import espalier.loss.Losses;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.text.Field;
import espalier.text.LabelledTexts;
import espalier.text.TextLoaders;
import espalier.token.Tokenizers;
import espalier.train.Learner;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** The tutorial on texts with a network by hand: {@link OurFirstLstm} from a table of tweets to the label of a new one. */
public final class TweetNetwork {
    private TweetNetwork() {}

    /** Arguments: a table of texts, and the columns of texts and labels. */
    public static void main(String[] args) {
        try (var trained = train(TextTable.of(Path.of(args[0])).columns(args[1], args[2]), 5)) {
            System.out.printf("suggested rate %.1e, test accuracy %.4f%n", trained.suggested(), trained.accuracy());
            System.out.println(trained.classifyTweet("I love this"));
        }
    }

    /**
     * What the training leaves behind.
     *
     * @param labels the labels in the order of the scores
     * @param suggested the learning rate that the search suggests
     * @param accuracy on the test texts
     */
    record Trained(Learner<List<String>> learner, Field field, List<String> labels, double suggested, double accuracy)
            implements AutoCloseable {
        // region classify
        /** The label of a tweet. */
        String classifyTweet(String tweet) {
            try (var scope = Scope.open();
                    var off = Grad.off()) {
                var x = field.process(List.of(field.preprocess(tweet))).values(); // [1, T]
                return labels.get(
                        (int) learner.model().eval().forward(x).argmax(1).item());
            }
        }
        // endregion

        @Override
        public void close() {
            learner.close();
        }
    }

    /** Trains for some epochs. */
    static Trained train(TextTable table, int epochs) {
        // region data
        var rows = table.read();
        var labels = rows.labels().stream().map(one -> one.get(0)).toList();
        var parts = LabelledTexts.of(rows.texts(), labels).split(42, 0.2, 0.2);
        var text = Field.text().lower().tokenize(Tokenizers.tweets()).batchFirst();
        var field = TextLoaders.field(text, parts.train(), 20_000, 1); // <unk>, <pad>, and the most frequent words
        var loaders = TextLoaders.of(parts, field).batchSize(32).loaders(); // batches of about equally long tweets
        // endregion
        // region train
        int words = field.vocabulary().orElseThrow().size();
        var model = new OurFirstLstm(100, 300, words).reset(Rng.of(42));
        var learner = Learner.of(loaders, model, Losses.crossEntropy()).metrics(Metrics.accuracy());
        double valley = learner.lrFind().valley().orElse(2e-3); // 5e-4
        learner.fitOneCycle(epochs, Rates.of(2e-3));
        var judged = learner.evaluate(loaders.test()).metrics(); // accuracy 0.80
        // endregion
        double accuracy =
                judged.getOrDefault("accuracy", OptionalDouble.empty()).orElse(0);
        return new Trained(learner, field, loaders.classes(), valley, accuracy);
    }
}
