package espalier.text;

import espalier.report.Progress;
import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Logistic regression on texts whose features do not fit into memory together: one pass over them, in random order, in
 * which the features of some at a time are made, used for all strengths, and forgotten. Each strength is a
 * {@link FollowTheLeader}; the one that does best on the validation texts is taken. Neither threads nor memory change the result.
 */
final class StreamedSearch {
    private static final int AT_ONCE = 2_048;

    private final LinearLearner learner;
    private final Progress progress;
    private final LabelledTexts train;
    private final LabelledTexts valid;
    private final FittedTfIdf vectors;
    private final List<FollowTheLeader> models;

    /** Takes some places of the texts with their features. */
    private interface Chunk {
        void take(int[] places, List<SparseRows.Row> rows);
    }

    StreamedSearch(LinearLearner learner, LabelledTexts train, LabelledTexts valid, Progress progress) {
        this.learner = learner;
        this.progress = progress;
        this.train = train;
        this.valid = valid;
        progress.update(0, train.size(), "counting n-grams");
        this.vectors = learner.features(train).fit(train.texts(), progress);
        int outputs = train.targets().outputs();
        this.models = learner.strengths().stream()
                .map(c -> new FollowTheLeader(vectors.size(), outputs, c))
                .toList();
    }

    LinearFit run() {
        long start = System.nanoTime();
        float[] weights = learner.weights(train);
        int[] order = Rng.of(train.size()).permutation(train.size());
        inChunks(
                train,
                order,
                "one pass",
                (places, rows) ->
                        models.parallelStream().forEach(model -> fit(model, places, rows, train.targets(), weights)));
        double seconds = (System.nanoTime() - start) / 1e9 / models.size();
        var trials = judge(seconds);
        int best = IntStream.range(0, trials.size())
                .boxed()
                .min(Comparator.comparingDouble(i -> trials.get(i).loss()))
                .orElseThrow();
        var chosen = models.get(best);
        float[][] probabilities = new float[valid.size()][];
        int[] all = IntStream.range(0, valid.size()).toArray();
        var judged = chosen.model();
        inChunks(valid, all, "validation", (places, rows) -> {
            for (int i = 0; i < places.length; i++) {
                probabilities[places[i]] = valid.targets().probabilities(judged.scores(rows.get(i)));
            }
        });
        if (learner.refit()) {
            float[] own = learner.weights(valid);
            inChunks(
                    valid,
                    all,
                    "validation texts too",
                    (places, rows) -> fit(chosen, places, rows, valid.targets(), own));
        }
        var classifier = TextClassifier.of(train, vectors, chosen.model());
        return new LinearFit(classifier, learner.strengths().get(best), trials, probabilities);
    }

    private static void fit(
            FollowTheLeader model, int[] places, List<SparseRows.Row> rows, TextTargets targets, float[] weights) {
        for (int i = 0; i < places.length; i++) {
            model.step(rows.get(i), targets, places[i], weights[places[i]]);
        }
    }

    private List<LinearFit.Trial> judge(double seconds) {
        var linear = models.stream().map(FollowTheLeader::model).toList();
        double[] losses = new double[linear.size()];
        int[] right = new int[linear.size()];
        var targets = valid.targets();
        inChunks(
                valid,
                IntStream.range(0, valid.size()).toArray(),
                "validation",
                (places, rows) -> IntStream.range(0, linear.size()).parallel().forEach(m -> {
                    for (int i = 0; i < places.length; i++) {
                        double[] scores = linear.get(m).scores(rows.get(i));
                        float[] probabilities = targets.probabilities(scores);
                        right[m] += targets.isRight(places[i], probabilities) ? 1 : 0;
                        losses[m] += targets.loss(places[i], scores);
                    }
                }));
        List<LinearFit.Trial> trials = new ArrayList<>();
        for (int m = 0; m < losses.length; m++) {
            trials.add(new LinearFit.Trial(
                    learner.strengths().get(m),
                    losses[m] / valid.size(),
                    StrengthSearch.accuracy(valid, right[m], valid.size()),
                    1,
                    seconds));
        }
        return trials;
    }

    private void inChunks(LabelledTexts texts, int[] order, String what, Chunk chunk) {
        for (int from = 0; from < order.length; from += AT_ONCE) {
            int[] places = Arrays.copyOfRange(order, from, Math.min(order.length, from + AT_ONCE));
            var rows = Arrays.stream(places)
                    .parallel()
                    .mapToObj(i -> vectors.transform(texts.texts().get(i)))
                    .toList();
            chunk.take(places, rows);
            progress.update(from + places.length, order.length, what);
        }
    }
}
