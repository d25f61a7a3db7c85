package espalier.text;

import espalier.report.DataException;
import espalier.report.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains the default for texts: TF-IDF of n-grams and logistic regression, for quantities ridge regression, whose strength is the one that does best on texts
 * that it was not fitted to. In the end it is fitted again to all texts. Texts whose features do not fit into the memory that Java
 * may take are gone through once, all strengths at the same time, and those for validation once more in the end.
 *
 * <pre>{@code
 * LinearFit fit = LinearLearner.standard().fit(LabelledTexts.of(texts, labels));
 * fit.classifier().export(Path.of("tweets.safetensors"));
 * }</pre>
 *
 * @param features how texts become features
 * @param regression the regression; its {@code c} is replaced by those of {@code strengths}
 * @param strengths the values of {@code c} to try, ascending
 * @param folds into how many parts the texts are divided where there is no validation set
 * @param balanced whether each class counts alike, however many texts it has; not for tags
 * @param refit whether the model is fitted to the validation set as well once the strength is known
 */
public record LinearLearner(
        TfIdf features,
        LogisticRegression regression,
        List<Double> strengths,
        int folds,
        boolean balanced,
        boolean refit) {
    /** Weights that a model has at most where the number of features is not given. */
    private static final int MOST_WEIGHTS = 2_000_000;

    private static final int LEAST_FEATURES = 2_000;

    public LinearLearner {
        strengths = strengths.stream().sorted().toList();
        if (strengths.isEmpty() || folds < 2) {
            throw new IllegalArgumentException("a strength to try and at least 2 folds are needed, but got " + strengths
                    + " and " + folds + ". Maybe give 5 folds.");
        }
    }

    /** The usual one. */
    public static LinearLearner standard() {
        return new LinearLearner(
                TfIdf.standard(),
                LogisticRegression.of().tolerance(1e-5),
                List.of(0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
                5,
                false,
                true);
    }

    /** A copy with other features. */
    public LinearLearner features(TfIdf features) {
        return new LinearLearner(features, regression, strengths, folds, balanced, refit);
    }

    /** A copy that tries other strengths; a single one is taken as it is. */
    public LinearLearner strengths(Double... strengths) {
        return new LinearLearner(features, regression, List.of(strengths), folds, balanced, refit);
    }

    /** A copy that divides texts into so many parts where there is no validation set. */
    public LinearLearner folds(int folds) {
        return new LinearLearner(features, regression, strengths, folds, balanced, refit);
    }

    /** A copy for which each class counts alike, or each text. */
    public LinearLearner balanced(boolean balanced) {
        return new LinearLearner(features, regression, strengths, folds, balanced, refit);
    }

    /** A copy whose model is fitted to the validation set as well, or never sees it. */
    public LinearLearner refit(boolean refit) {
        return new LinearLearner(features, regression, strengths, folds, balanced, refit);
    }

    /** Fits to texts, the strength by cross-validation. @throws DataException when there are too few */
    public LinearFit fit(LabelledTexts texts) {
        return fit(texts, Optional.empty(), Progress.NONE);
    }

    /** Fits to texts, the strength by a validation set of the same classes. */
    public LinearFit fit(LabelledTexts train, LabelledTexts valid) {
        return fit(train, Optional.of(valid), Progress.NONE);
    }

    /** The same, telling what is being done. */
    public LinearFit fit(LabelledTexts train, Optional<LabelledTexts> valid, Progress progress) {
        checkBalance(train);
        if (features.bytes(train.texts()) > Runtime.getRuntime().maxMemory()) {
            var held = valid.orElseThrow(() -> new DataException("the features of " + train.size()
                    + " texts do not fit into memory, so they are gone through once, and the strength cannot be chosen by"
                    + " cross-validation. Maybe keep some texts for validation: --split .8/.1/.1."));
            return new StreamedSearch(this, train, held, progress).run();
        }
        var parts = valid.map(held -> List.of(
                        new Held(train, held, IntStream.range(0, held.size()).toArray())))
                .orElseGet(() -> folds(train));
        var search = new StrengthSearch(this, parts, progress);
        var best = search.run();
        progress.update(strengths.size(), strengths.size() + 1L, "fitting to all texts");
        var all = valid.map(train::plus).orElse(train);
        var classifier = valid.isPresent() && !refit ? search.classifier() : fitted(all, all.texts(), best.c());
        return new LinearFit(classifier, best.c(), search.trials(), best.probabilities());
    }

    private void checkBalance(LabelledTexts train) {
        if (balanced && train.targets().output() != TextOutput.CLASSES) {
            throw new IllegalArgumentException("classes can count alike only where each text has one of them."
                    + " Maybe leave it out for tags and quantities.");
        }
    }

    /** Some texts to fit to, and others to judge by, with their places among all that are judged. */
    record Held(LabelledTexts train, LabelledTexts valid, int[] places) {}

    /** Each text is judged once; the texts of a class go to all parts in turn. */
    private List<Held> folds(LabelledTexts texts) {
        int[] part = new int[texts.size()];
        int[] seen = new int[texts.classes().size() + 1];
        for (int i = 0; i < part.length; i++) {
            int[] labels = texts.targets().labels(i);
            part[i] = seen[labels.length == 0 ? texts.classes().size() : labels[0]]++ % folds;
        }
        List<Held> all = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            int held = fold;
            int[] train =
                    IntStream.range(0, part.length).filter(i -> part[i] != held).toArray();
            int[] valid =
                    IntStream.range(0, part.length).filter(i -> part[i] == held).toArray();
            if (valid.length > 0 && train.length > 0) {
                all.add(new Held(texts.select(train), texts.select(valid), valid));
            }
        }
        if (all.isEmpty()) {
            throw new DataException("there are too few texts to train on: " + texts.size()
                    + ". Maybe the rest of the file was left out.");
        }
        return all;
    }

    private TextClassifier fitted(LabelledTexts labelled, List<String> texts, double c) {
        var vectors = features(labelled).fit(texts);
        var model = regression
                .c(c)
                .fit(vectors.transform(texts), labelled.targets(), weights(labelled), Optional.empty())
                .model();
        return TextClassifier.of(labelled, vectors, model);
    }

    /** The features, their number such that the model fits into the memory. */
    TfIdf features(LabelledTexts texts) {
        if (features.maxFeatures() > 0) {
            return features;
        }
        int most = MOST_WEIGHTS / texts.targets().outputs() / features.kinds().size();
        return features.maxFeatures(Math.max(LEAST_FEATURES, Math.min(TfIdf.USUAL_FEATURES, most)));
    }

    /** How much each text counts. */
    float[] weights(LabelledTexts texts) {
        float[] weights = new float[texts.size()];
        Arrays.fill(weights, 1);
        if (balanced) {
            int[] counts = new int[texts.classes().size()];
            IntStream.range(0, weights.length)
                    .forEach(i -> counts[texts.targets().labels(i)[0]]++);
            for (int i = 0; i < weights.length; i++) {
                int own = counts[texts.targets().labels(i)[0]];
                weights[i] = (float) weights.length / (counts.length * (float) own);
            }
        }
        return weights;
    }
}
