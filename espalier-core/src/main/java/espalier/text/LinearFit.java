package espalier.text;

import java.util.List;

/**
 * What came of a {@link LinearLearner}.
 *
 * @param classifier the model
 * @param c the strength that was chosen
 * @param trials what was tried, in order
 * @param validProbabilities what the model of that strength said about the validation texts, which it had not seen;
 *     without a validation set, about all texts, each while it was held out. {@code [N, K]}
 */
public record LinearFit(TextClassifier classifier, double c, List<Trial> trials, float[][] validProbabilities) {
    /**
     * A strength that was tried.
     *
     * @param c the strength
     * @param loss the mean loss on the texts that were held out, in nats
     * @param accuracy the share of them whose labels are all right; NaN for quantities
     * @param iterations steps of the search for the weights
     * @param seconds how long it took
     */
    public record Trial(double c, double loss, double accuracy, int iterations, double seconds) {}

    public LinearFit {
        trials = List.copyOf(trials);
    }
}
