package espalier.app;

import espalier.data.Loader;
import espalier.data.TargetBlock;
import espalier.interpret.Interpretation;
import espalier.interpret.Predictions;
import espalier.train.Learner;
import espalier.train.Outputs;

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
        return Interpretation.of(learner);
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
        return Predictions.from(outputs, kind);
    }
}
