package espalier.text;

import espalier.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tries strengths, weak ones first, each from the weights of the last; ends when they have become worse twice. */
final class StrengthSearch {
    private static final int WORSE = 2;

    private final LinearLearner learner;
    private final Progress progress;
    private final List<Fold> folds;
    private final List<LinearFit.Trial> trials = new ArrayList<>();

    /** Some texts with their features. */
    private static final class Fold {
        private final FittedTfIdf vectors;
        private final SparseRows train;
        private final SparseRows valid;
        private final LinearLearner.Held held;
        private final float[] weights;
        private Optional<LinearModel> model = Optional.empty();
        private Optional<LinearModel> best = Optional.empty();

        Fold(LinearLearner learner, LinearLearner.Held held) {
            this.held = held;
            this.vectors = learner.features(held.train()).fit(held.train().texts());
            this.train = vectors.transform(held.train().texts());
            this.valid = vectors.transform(held.valid().texts());
            this.weights = learner.weights(held.train());
        }

        int fit(LogisticRegression regression) {
            var result = regression.fit(train, held.train().targets(), weights, model);
            model = Optional.of(result.model());
            return result.iterations();
        }
    }

    /**
     * The best strength.
     *
     * @param c the strength
     * @param probabilities of the texts that were held out
     */
    record Best(double c, float[][] probabilities) {}

    StrengthSearch(LinearLearner learner, List<LinearLearner.Held> parts, Progress progress) {
        this.learner = learner;
        this.progress = progress;
        progress.update(0, learner.strengths().size() + 1L, "counting n-grams");
        this.folds = parts.stream().map(held -> new Fold(learner, held)).toList();
    }

    List<LinearFit.Trial> trials() {
        return trials;
    }

    /** The model of the best strength, where there is one part. */
    TextClassifier classifier() {
        var fold = folds.get(0);
        return TextClassifier.of(fold.held.train(), fold.vectors, fold.best.orElseThrow());
    }

    Best run() {
        Optional<Best> best = Optional.empty();
        double least = Double.POSITIVE_INFINITY;
        int worse = 0;
        for (double c : learner.strengths()) {
            progress.update(
                    trials.size(),
                    learner.strengths().size() + 1L,
                    String.format(Locale.ROOT, "fitting with strength %s", c));
            float[][] probabilities = attempt(c);
            double loss = trials.get(trials.size() - 1).loss();
            if (best.isEmpty() || loss < least) {
                best = Optional.of(new Best(c, probabilities));
                least = loss;
                worse = 0;
                folds.forEach(fold -> fold.best = fold.model);
            } else if (++worse == WORSE) {
                break;
            }
        }
        return best.orElseThrow();
    }

    private float[][] attempt(double c) {
        long start = System.nanoTime();
        int count = folds.stream().mapToInt(fold -> fold.held.places().length).sum();
        float[][] rows = new float[count][];
        double loss = 0;
        int right = 0;
        int iterations = 0;
        for (var fold : folds) {
            iterations += fold.fit(learner.regression().c(c));
            var targets = fold.held.valid().targets();
            for (int i = 0; i < targets.size(); i++) {
                double[] scores = fold.model.orElseThrow().scores(fold.valid.row(i));
                float[] probabilities = targets.probabilities(scores);
                rows[fold.held.places()[i]] = probabilities;
                right += targets.isRight(i, probabilities) ? 1 : 0;
                loss += targets.loss(i, scores);
            }
        }
        trials.add(new LinearFit.Trial(
                c,
                loss / count,
                accuracy(folds.get(0).held.train(), right, count),
                iterations,
                (System.nanoTime() - start) / 1e9));
        return rows;
    }

    /** The share of texts that are right; NaN of quantities. */
    static double accuracy(LabelledTexts texts, int right, int count) {
        return texts.isNumeric() ? Double.NaN : (double) right / count;
    }
}
