package espalier.text;

import espalier.format.ModelDocument;
import espalier.predict.TokenTask;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is said of a text. */
public enum TextOutput {
    /** One class of several. */
    CLASSES("classification", "softmax"),
    /** Any number of tags. */
    TAGS("tagging", "sigmoid"),
    /** Quantities, such as a price. */
    NUMBERS(ModelDocument.REGRESSION, "identity");

    /** What the tasks of models of texts begin with; the target says the rest. */
    static final String KIND = TokenTask.KIND;

    /** The probability above which a tag is given. */
    static final double TAG_THRESHOLD = 0.5;

    private final String target;
    private final String activation;

    TextOutput(String target, String activation) {
        this.target = target;
        this.activation = activation;
    }

    /** The task of a model file. */
    String task() {
        return KIND + target;
    }

    /** What a model file says; empty when the model takes no texts. */
    static Optional<TextOutput> of(ModelDocument document) {
        return Arrays.stream(values())
                .filter(one -> one.task().equals(document.task()))
                .findFirst();
    }

    /** How a model file calls the way from scores to outputs. */
    String activation() {
        return activation;
    }

    /** The probabilities above which labels are given, as in a model file. */
    List<Double> thresholds() {
        return this == TAGS ? List.of(TAG_THRESHOLD) : List.of();
    }

    /** The scores of a linear model for so many names; two classes have one, which is that of the second. */
    int scores(int names) {
        return this == CLASSES && names == 2 ? 1 : names;
    }

    /** From scores to a probability for each class or tag; quantities are their scores. */
    float[] of(double[] scores, int names) {
        return switch (this) {
            case CLASSES -> softmax(scores, names);
            case TAGS -> sigmoid(scores);
            case NUMBERS -> floats(scores);
        };
    }

    /** The softmax of scores; a single score is that of the second of two classes, against 0. */
    private static float[] softmax(double[] scores, int classes) {
        double[] all = scores.length == 1 && classes == 2 ? new double[] {0, scores[0]} : scores;
        double greatest = Arrays.stream(all).max().orElseThrow();
        double sum = Arrays.stream(all).map(score -> Math.exp(score - greatest)).sum();
        float[] probabilities = new float[all.length];
        for (int k = 0; k < all.length; k++) {
            probabilities[k] = (float) (Math.exp(all[k] - greatest) / sum);
        }
        return probabilities;
    }

    /** The logistic function of each score. */
    private static float[] sigmoid(double[] scores) {
        float[] probabilities = new float[scores.length];
        for (int k = 0; k < scores.length; k++) {
            probabilities[k] = (float) sigmoid(scores[k]);
        }
        return probabilities;
    }

    /** Scores as they are. */
    private static float[] floats(double[] scores) {
        float[] values = new float[scores.length];
        for (int k = 0; k < scores.length; k++) {
            values[k] = (float) scores[k];
        }
        return values;
    }

    /** The logistic function of a score. */
    static double sigmoid(double score) {
        double small = Math.exp(-Math.abs(score));
        return (score >= 0 ? 1 : small) / (1 + small);
    }

    static int greatest(float[] values) {
        int best = 0;
        for (int k = 1; k < values.length; k++) {
            best = values[k] > values[best] ? k : best;
        }
        return best;
    }
}
