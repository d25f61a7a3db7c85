package espalier.metric;

import static espalier.metric.Direction.HIGHER_IS_BETTER;
import static espalier.metric.Direction.LOWER_IS_BETTER;

import espalier.format.DType;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** The catalogue of metrics, with fastai's names. Each call gives a new one that has seen nothing. */
public final class Metrics {
    private Metrics() {}

    /** The share of items whose likeliest class is right. */
    public static Metric accuracy() {
        return mean("accuracy", HIGHER_IS_BETTER, (scores, target) -> right("accuracy", scores, target));
    }

    /** The share of right answers over all labels of all items: given when the probability is above 0.5. */
    public static Metric accuracyMulti() {
        return accuracyMulti(0.5);
    }

    /** The share of right answers over all labels of all items: given when the probability is above the threshold. */
    public static Metric accuracyMulti(double threshold) {
        String name = "accuracy_multi";
        return mean(
                name,
                HIGHER_IS_BETTER,
                (scores, target) ->
                        Answers.labels(name, scores, target, threshold).eq(target.gt(0.5)));
    }

    /**
     * The area under the precision-recall curve as a sum of steps, scikit-learn's {@code average_precision_score}: for
     * rare classes more telling than {@link #rocAuc}.
     */
    public static RankScore averagePrecision() {
        return RankScore.of("average_precision_score", Ranking::averagePrecision);
    }

    /** The mean over the classes of the share of their items that are recognised: rare classes count as much. */
    public static Metric balancedAccuracy() {
        return ConfusionScore.of("balanced_accuracy_score", ConfusionScore::balancedAccuracy);
    }

    /**
     * Brier's score, the mean squared distance between probabilities {@code [N, K]} and the right classes as 0 and 1:
     * {@code mean over N of sum over K of (p - y)²}, for two classes half of it, which is the error of the second class.
     */
    public static Metric brier() {
        String name = "brier_score_loss";
        return mean(name, LOWER_IS_BETTER, (scores, target) -> {
            Tensor right = Functional.oneHot(Answers.classes(name, scores, target), scores.size(1));
            Tensor off = Functional.softmax(scores.to(DType.FLOAT64), 1).sub(right.to(DType.FLOAT64)); // [N, K]
            return off.square().sum(1).mul(scores.size(1) == 2 ? 0.5 : 1); // [N]
        });
    }

    /** Cohen's kappa: the agreement of right and predicted classes beyond chance, -1 to 1. */
    public static Metric cohenKappa() {
        return cohenKappa(Agreement.PLAIN);
    }

    /** Cohen's kappa where confusions count by the distance of the classes, for classes in an order. */
    public static Metric cohenKappa(Agreement agreement) {
        return ConfusionScore.of("cohen_kappa_score", matrix -> ConfusionScore.kappa(matrix, agreement));
    }

    /** The share of items whose likeliest class is wrong. */
    public static Metric errorRate() {
        return mean(
                "error_rate",
                LOWER_IS_BETTER,
                (scores, target) -> right("error_rate", scores, target).logicalNot());
    }

    /** The harmonic mean of precision and recall. */
    public static CountScore f1() {
        return CountScore.of(CountScore.Kind.F, "f1_score");
    }

    /** The mean of precision and recall in which recall counts {@code beta} times as much. */
    public static CountScore fBeta(double beta) {
        return CountScore.of(CountScore.Kind.F, "fbeta_score", beta);
    }

    /** The share of wrong answers; for items with one label each it is the {@link #errorRate}. */
    public static Metric hammingLoss() {
        String name = "hamming_loss";
        return mean(
                name,
                LOWER_IS_BETTER,
                (scores, target) -> right(name, scores, target).logicalNot());
    }

    /** The share of wrong answers over all labels of all items: given when the probability is above the threshold. */
    public static Metric hammingLossMulti(double threshold) {
        String name = "hamming_loss_multi";
        return mean(
                name,
                LOWER_IS_BETTER,
                (scores, target) ->
                        Answers.labels(name, scores, target, threshold).ne(target.gt(0.5)));
    }

    /** Answers and right labels in common, of all that are one or the other: {@code tp / (tp + fp + fn)}. */
    public static CountScore jaccard() {
        return CountScore.of(CountScore.Kind.JACCARD, "jaccard_score");
    }

    /** The mean absolute difference. */
    public static Metric mae() {
        return mean(
                "mae",
                LOWER_IS_BETTER,
                (scores, target) -> Answers.difference("mae", scores, target).abs());
    }

    /** Matthews' coefficient: the correlation between right and predicted classes, -1 to 1; 0 is chance. */
    public static Metric matthews() {
        return ConfusionScore.of("matthews_corrcoef", ConfusionScore::matthews);
    }

    /** The same for items with any number of labels: over all labels of all items, given above the threshold. */
    public static Metric matthewsMulti(double threshold) {
        return ConfusionScore.multi("matthews_corrcoef_multi", threshold, ConfusionScore::matthews);
    }

    /**
     * A metric that is the mean of one value an item: the short way to a metric of one's own.
     *
     * @param values gives the values of a batch from scores and target, a tensor of any shape and type; bool counts 0
     *     or 1
     */
    public static Metric mean(String name, Direction direction, BinaryOperator<Tensor> values) {
        return new Mean(name, direction, values, DoubleUnaryOperator.identity());
    }

    /** The mean squared difference. */
    public static Metric mse() {
        return mean(
                "mse",
                LOWER_IS_BETTER,
                (scores, target) -> Answers.difference("mse", scores, target).square());
    }

    /** Pearson's correlation between predicted and right values, -1 to 1; the mean over several outputs. */
    public static Metric pearson() {
        return new Correlation("pearsonr", Correlation.Moments::pearson);
    }

    /**
     * The exponential of the mean cross entropy: between how many answers a model is in doubt. Scores {@code [..., K]},
     * target {@code [...]}, where -100 marks what is to be ignored, as padding.
     */
    public static Metric perplexity() {
        return new Mean("perplexity", LOWER_IS_BETTER, Answers::crossEntropy, Math::exp);
    }

    /** The share of positive answers that are right. */
    public static CountScore precision() {
        return CountScore.of(CountScore.Kind.PRECISION, "precision_score");
    }

    /**
     * The coefficient of determination: the share of the targets' variance that is predicted, {@code 1 - sum of squared
     * errors / sum of squared deviations}; at most 1, below 0 when worse than the mean. The mean over several outputs.
     */
    public static Metric r2() {
        return new Correlation("r2_score", Correlation.Moments::r2);
    }

    /** The share of positive items that are found. */
    public static CountScore recall() {
        return CountScore.of(CountScore.Kind.RECALL, "recall_score");
    }

    /** The root of the mean squared difference, over all items together. */
    public static Metric rmse() {
        return new Mean(
                "rmse",
                LOWER_IS_BETTER,
                (scores, target) -> Answers.difference("rmse", scores, target).square(),
                Math::sqrt);
    }

    /** The area under the ROC curve: the probability that a positive item gets a higher score than a negative one. */
    public static RankScore rocAuc() {
        return RankScore.of("roc_auc_score", Ranking::rocArea);
    }

    /** The share of positive items that are found: {@link #recall} by its name in medicine. */
    public static CountScore sensitivity() {
        return CountScore.of(CountScore.Kind.RECALL, "sensitivity");
    }

    /** Spearman's rank correlation between predicted and right values, -1 to 1; the mean over several outputs. */
    public static Metric spearman() {
        return new Spearman();
    }

    /** The share of negative items that are taken for negative, {@code tn / (tn + fp)}. */
    public static CountScore specificity() {
        return CountScore.of(CountScore.Kind.SPECIFICITY, "specificity");
    }

    /** The share of items whose class is among the five likeliest. */
    public static Metric topK() {
        return topK(5);
    }

    /** The share of items whose class is among the {@code k} likeliest; all classes when there are fewer. */
    public static Metric topK(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, received " + k + ".");
        }
        String name = "top_k_accuracy";
        return mean(name, HIGHER_IS_BETTER, (scores, target) -> {
            Tensor classes = Answers.classes(name, scores, target).unsqueeze(1); // [N, 1]
            int most = (int) Math.min(k, scores.size(1));
            return scores.topk(most, 1).indices().eq(classes).sum(1); // [N]
        });
    }

    /** All of them with their defaults, by name in alphabetical order. */
    public static List<Metric> all() {
        return List.of(
                accuracy(),
                accuracyMulti(),
                averagePrecision(),
                averagePrecision().multi(),
                balancedAccuracy(),
                brier(),
                cohenKappa(),
                errorRate(),
                f1(),
                f1().multi(0.5),
                samples(f1()),
                fBeta(2),
                fBeta(2).multi(0.5),
                samples(fBeta(2)),
                hammingLoss(),
                hammingLossMulti(0.5),
                jaccard(),
                jaccard().multi(0.5),
                mae(),
                matthews(),
                matthewsMulti(0.5),
                mse(),
                pearson(),
                perplexity(),
                precision(),
                precision().multi(0.5),
                r2(),
                recall(),
                recall().multi(0.5),
                rmse(),
                rocAuc(),
                rocAuc().multi(),
                sensitivity(),
                sensitivity().multi(0.5),
                spearman(),
                specificity(),
                specificity().multi(0.5),
                topK());
    }

    /** The metric of a name such as {@code "error_rate"}, with its defaults. */
    public static Optional<Metric> named(String name) {
        return all().stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    /** The mean over the items, by a name of its own beside the one over the labels. */
    private static CountScore samples(CountScore score) {
        return score.multi(0.5).average(Average.SAMPLES).named(score.name() + "_samples");
    }

    private static Tensor right(String metric, Tensor scores, Tensor target) {
        return Answers.classes(metric, scores, target).eq(Answers.predicted(scores));
    }
}
