package espalier.app;

import espalier.data.Loader;
import espalier.data.TargetBlock;
import espalier.interpret.Interpretation;
import espalier.interpret.Predictions;
import espalier.train.Learner;
import espalier.train.Outputs;
import java.util.List;

/**
 * Turns what a trained model says into something to look at: the bridge from training to interpretation.
 *
 * <pre>{@code
 * var interpretation = Judge.interpretation(learner);          // its validation items
 * interpretation.confusionMatrix().plot(Path.of("confusion.png"));
 * }</pre>
 */
public final class Judge {
    private Judge() {}

    /** The interpretation of a learner's validation items. @throws IllegalArgumentException when they have no labels */
    public static Interpretation interpretation(Learner<?> learner) {
        return Interpretation.of(predictions(learner));
    }

    /** What a learner says about its validation items. @throws IllegalArgumentException when they have no labels */
    public static Predictions predictions(Learner<?> learner) {
        return predictions(learner, learner.loaders().valid());
    }

    /** What a learner says about the items of any loader. @throws IllegalArgumentException when they have no labels */
    public static Predictions predictions(Learner<?> learner, Loader<?> loader) {
        return predictions(
                learner.predictions(loader), learner.loaders().target().kind());
    }

    /**
     * Outputs as predictions. Items are named by their paths, so that their pictures are found again; the losses are
     * those of the learner's own loss.
     *
     * @throws IllegalArgumentException when items have no labels, or labels that are no class
     */
    public static Predictions predictions(Outputs outputs, TargetBlock.Kind kind) {
        if (outputs.losses().length != outputs.items().size()) {
            throw new IllegalArgumentException("only items with labels can be judged; "
                    + outputs.items().size() + " items have " + outputs.losses().length
                    + " losses. Maybe these are test items: use Outputs.probabilities() alone.");
        }
        var predictions = kind == TargetBlock.Kind.CATEGORY
                ? Predictions.of(outputs.classes(), outputs.probabilities(), targets(outputs))
                : Predictions.multiLabel(outputs.classes(), outputs.probabilities(), hot(outputs));
        return predictions
                .items(outputs.items().stream()
                        .map(item -> item.path().toString())
                        .toList())
                .losses(outputs.losses());
    }

    private static int[] targets(Outputs outputs) {
        return outputs.labels().stream()
                .mapToInt(labels -> position(outputs.classes(), labels.get(0)))
                .toArray();
    }

    private static boolean[][] hot(Outputs outputs) {
        return outputs.labels().stream()
                .map(labels -> {
                    boolean[] row = new boolean[outputs.classes().size()];
                    labels.forEach(label -> row[position(outputs.classes(), label)] = true);
                    return row;
                })
                .toArray(boolean[][]::new);
    }

    private static int position(List<String> classes, String label) {
        int position = classes.indexOf(label);
        if (position < 0) {
            throw new IllegalArgumentException("the label " + label + " is not among the classes " + classes
                    + ". Maybe it occurs in no training item.");
        }
        return position;
    }
}
