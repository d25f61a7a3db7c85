package espalier.metric;

import static espalier.metric.Direction.HIGHER_IS_BETTER;
import static espalier.metric.Direction.LOWER_IS_BETTER;

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

    /** The share of items whose likeliest class is wrong. */
    public static Metric errorRate() {
        return mean(
                "error_rate",
                LOWER_IS_BETTER,
                (scores, target) -> right("error_rate", scores, target).logicalNot());
    }

    /** The harmonic mean of precision and recall. */
    public static FScore f1() {
        return FScore.of(FScore.Kind.F, "f1_score", 1);
    }

    /** The mean of precision and recall in which recall counts {@code beta} times as much. */
    public static FScore fBeta(double beta) {
        return FScore.of(FScore.Kind.F, "fbeta_score", beta);
    }

    /** The mean absolute difference. */
    public static Metric mae() {
        return mean(
                "mae",
                LOWER_IS_BETTER,
                (scores, target) -> Answers.difference("mae", scores, target).abs());
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

    /** The share of positive answers that are right. */
    public static FScore precision() {
        return FScore.of(FScore.Kind.PRECISION, "precision_score", 1);
    }

    /** The share of positive items that are found. */
    public static FScore recall() {
        return FScore.of(FScore.Kind.RECALL, "recall_score", 1);
    }

    /** The root of the mean squared difference, over all items together. */
    public static Metric rmse() {
        return new Mean(
                "rmse",
                LOWER_IS_BETTER,
                (scores, target) -> Answers.difference("rmse", scores, target).square(),
                Math::sqrt);
    }

    /** The area under the ROC curve. */
    public static RocAuc rocAuc() {
        return RocAuc.standard();
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
                errorRate(),
                f1(),
                f1().multi(0.5),
                fBeta(2),
                fBeta(2).multi(0.5),
                mae(),
                mse(),
                precision(),
                precision().multi(0.5),
                recall(),
                recall().multi(0.5),
                rmse(),
                rocAuc(),
                rocAuc().multi(),
                topK());
    }

    /** The metric of a name such as {@code "error_rate"}, with its defaults. */
    public static Optional<Metric> named(String name) {
        return all().stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    private static Tensor right(String metric, Tensor scores, Tensor target) {
        return Answers.classes(metric, scores, target).eq(Answers.predicted(scores));
    }
}
