package espalier.model;

import espalier.data.Items;
import espalier.nn.Module;
import espalier.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Predictor} must know about a kind of model: how inputs are read and collected, and the model itself.
 *
 * @param <X> an input, read and transformed
 */
public interface PredictionTask<X> {
    /** Makes tasks of model files; found by {@link java.util.ServiceLoader}. */
    interface Provider {
        /** The task for this model file; empty when the file is of another kind. */
        Optional<PredictionTask<?>> open(ModelFile file);
    }

    /** Reads and transforms a file. @throws espalier.data.DataException when it cannot be read */
    X read(Path file);

    /** Reads and transforms the bytes of a file. @throws espalier.data.DataException when they cannot be read */
    X read(byte[] bytes);

    /** Transforms a picture. @throws espalier.data.DataException when the task takes no pictures */
    X read(BufferedImage picture);

    /** The files below a folder that look like inputs, sorted, and what looks like one and cannot be. */
    Items.Found find(Path folder);

    /** A batch of inputs as the model takes it. */
    Tensor collate(List<X> inputs);

    /** The model, in evaluation mode. */
    Module module();

    /** Probabilities of scores. @shape {@code [N, K]} to {@code [N, K]} */
    Tensor activation(Tensor scores);

    /** What the model file says. */
    ModelDocument document();
}
