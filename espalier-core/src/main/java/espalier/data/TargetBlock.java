package espalier.data;

import espalier.loss.Loss;
import espalier.metric.Metric;
import espalier.nn.Module;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What the targets of a data set are: how labels become numbers, how a model learns them, and how it is judged. The
 * catalogue is {@link Targets}; a kind of target of one's own is one class.
 */
public interface TargetBlock {
    /** What a model of it does, as model files name it after the kind of input: {@code "classification"} and the like. */
    String task();

    /** This block with what the training labels say, such as the vocabulary: the sorted distinct ones. */
    TargetBlock fit(List<List<String>> trainingLabels);

    /** What the model's outputs are called, in their order: classes, tags, or quantities; empty before {@link #fit}. */
    List<String> classes();

    /** Whether labels are names that recur, so that a split may look at them: each class keeps an item for training. */
    default boolean hasClasses() {
        return true;
    }

    /** Why no model can learn from the labels that it was fitted to, if so: {@code "there is only one class, [cat]"}. */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** Why labels do not have the form of this target, if so: {@code "has no label"}. */
    default Optional<String> malformed(List<String> labels) {
        return Optional.empty();
    }

    /** Checks the labels of an item that is not for training: why they have no number, if so. */
    default Optional<String> reject(List<String> labels) {
        return Optional.empty();
    }

    /**
     * The labels of a batch as numbers, as the loss expects them: int64 {@code [N]} for a category, float32 {@code [N, K]} for
     * tags and for quantities.
     */
    Tensor collate(List<List<String>> labels);

    /** The loss that fits the target; its activation is the model file's. */
    Loss loss();

    /** The metrics that a training shows unless told otherwise. */
    List<Metric> metrics();

    /** What stands between the model's head and its scores; empty for most targets. A fresh module each time. */
    default Optional<Module> output() {
        return Optional.empty();
    }

    /**
     * The scores with which a new head begins, whatever it is shown; empty: as it is drawn. What most items have need not be
     * learned first: of tags the log-odds (Lin et al. 2017, section 4.1, which fastai leaves out), of quantities their mean.
     */
    default List<Double> firstScores() {
        return List.of();
    }

    /** The probabilities from which labels count, as in {@code ModelDocument.thresholds}; empty where none are needed. */
    default List<Double> thresholds() {
        return List.of();
    }

    /** What is odd about the labels though a model can be trained, one sentence each. */
    default List<String> warnings(List<List<String>> validLabels) {
        return List.of();
    }
}
