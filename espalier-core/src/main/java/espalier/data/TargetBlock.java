package espalier.data;

import espalier.tensor.Tensor;
import java.util.List;

/** What the targets of a data set are: how labels become numbers. */
public interface TargetBlock {
    /** The kinds of target that the losses and heads know. */
    enum Kind {
        /** One class of several. */
        CATEGORY,
        /** Any number of tags. */
        MULTI_CATEGORY
    }

    /** Which kind it is. */
    Kind kind();

    /** This block with the vocabulary that the training labels give: the sorted distinct ones. */
    TargetBlock fit(List<List<String>> trainingLabels);

    /** The vocabulary, in the order of the model's outputs; empty before {@link #fit}. */
    List<String> classes();

    /** Checks the labels of an item that is not for training: why they have no number, if so. */
    java.util.Optional<String> reject(List<String> labels);

    /** The labels of a batch as numbers: int64 {@code [N]} for a category, float32 {@code [N, K]} for tags. */
    Tensor collate(List<List<String>> labels);
}
