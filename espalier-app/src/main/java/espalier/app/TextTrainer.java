package espalier.app;

import espalier.report.Progress;
import espalier.text.LabelledTexts;
import espalier.train.Callback;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@link TrainText} trains: a linear model, or a network. */
public sealed interface TextTrainer permits LinearTexts, NeuralTexts {
    /** The model's name in its file, such as {@code "linear"}. */
    String model();

    /** Whether the finished model has seen the validation texts too. */
    boolean seesValidation();

    /** What was chosen, by the names of the command line. */
    Map<String, String> options();

    /** Trains. @throws espalier.report.DataException when the texts cannot be trained on */
    Trained train(LabelledTexts.Parts parts, Run run);

    /**
     * How a training is watched, and what is random in it.
     *
     * @param seed of what is drawn by chance
     * @param out the model file that will be written
     * @param progress hears how far it is
     * @param callbacks of a network's training
     * @param resume whether to go on from the checkpoints that an interrupted training left
     */
    record Run(long seed, Path out, Progress progress, List<Callback> callbacks, boolean resume) {}

    /** A trained model, to be judged and written. */
    interface Trained extends AutoCloseable {
        /** How it was trained. */
        TextReport.Training training();

        /** What it says of texts that it was not fitted to: those for validation, or by cross-validation those for training. */
        Judged valid();

        /** What the finished model says of the texts for the test, in their order. */
        float[][] test();

        /** Whether it was interrupted: then it is not judged, and no model file is written. */
        default boolean interrupted() {
            return false;
        }

        /** Writes the model file. */
        void export(Path out, Map<String, Double> metrics, Map<String, Object> details);

        @Override
        void close();
    }

    /**
     * Texts with what a model says of them.
     *
     * @param probabilities a row a text; none at all when nothing was judged
     */
    record Judged(LabelledTexts texts, float[][] probabilities) {}
}
