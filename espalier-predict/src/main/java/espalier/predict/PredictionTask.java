package espalier.predict;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.item.Items;
import espalier.report.DataException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The translator of a {@link Predictor}: reads what the user has as inputs of a kind of model, and has the model
 * computed: by an {@link Engine}, or where that is a line of Java by itself. Thread-safe.
 *
 * @param <X> an input, read and transformed
 */
public interface PredictionTask<X> extends AutoCloseable {
    /** The most inputs of usual size that are read and sent through a model together. */
    int MOST = 32;

    /** Makes tasks of model files; found by {@link java.util.ServiceLoader}. */
    interface Provider {
        /** The task for this model file, computed by plain Java; empty when the file is of another kind, or needs an engine. */
        default Optional<PredictionTask<?>> open(ModelFile file) {
            return Optional.empty();
        }

        /**
         * The task of a model that an engine computes.
         *
         * @param document what the model file says
         * @param engine which the task closes
         * @param file the model file, where it is one of Espalier's
         * @return empty when the model is of another kind, or needs no engine
         */
        default Optional<PredictionTask<?>> open(ModelDocument document, Engine engine, Optional<ModelFile> file) {
            return Optional.empty();
        }
    }

    /** Reads and transforms a file. @throws DataException when it cannot be read */
    X read(Path file);

    /** Reads and transforms the bytes of a file. @throws DataException when they cannot be read */
    X read(byte[] bytes);

    /** Transforms a picture. @throws DataException when the task takes no pictures */
    X read(BufferedImage picture);

    /** Takes a text. @throws DataException when the task takes no texts */
    default X read(String text) {
        throw new DataException("the model takes pictures, not texts. Maybe give it a file, or another model.");
    }

    /** The files below a folder that look like inputs, sorted, and what looks like one and cannot be. */
    Items.Found find(Path folder);

    /**
     * The probabilities of a batch of inputs.
     *
     * @param inputs at least one, at most {@link #most}
     * @return a row for each input, with a number for each class
     */
    float[][] probabilities(List<X> inputs);

    /** The most inputs that go through the model at once: of large ones fewer, so that they fit into the memory. */
    default int most() {
        return MOST;
    }

    /** How many batches at once fill this machine: see {@link Engine#runs}. */
    default int runs() {
        return 1;
    }

    /** The same task for many inputs: see {@link Engine#parallel}. It needs no closing. */
    default PredictionTask<X> parallel() {
        return this;
    }

    /** What computes the model, with its version, such as {@code "libtorch 2.10.0"}. */
    String engine();

    /** The type of number that most of the model is computed in, such as {@code "float32"} or {@code "int8"}. */
    default String precision() {
        return Engine.FLOAT32;
    }

    /** What the model file says. */
    ModelDocument document();

    /** Frees the model. */
    @Override
    void close();
}
