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
        return this == TAGS ? List.of(TextClassifier.TAG_THRESHOLD) : List.of();
    }

    /** The scores of a linear model for so many names; two classes have one, which is that of the second. */
    int scores(int names) {
        return this == CLASSES && names == 2 ? 1 : names;
    }

    /** From scores to a probability for each class or tag; quantities are their scores. */
    float[] of(double[] scores, int names) {
        return switch (this) {
            case CLASSES -> TextTargets.softmax(scores, names);
            case TAGS -> TextTargets.sigmoid(scores);
            case NUMBERS -> TextTargets.floats(scores);
        };
    }
}
