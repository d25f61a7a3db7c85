package espalier.predict;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Computes a trained model: from plain arrays to plain probabilities, whatever library does it. Reading what the user has
 * and naming the classes is the {@link PredictionTask}'s.
 *
 * <p>Thread-safe; the same inputs give the same answers alone and in a batch, but for rounding.
 */
public interface Engine extends AutoCloseable {
    /** The usual {@link #precision}. */
    String FLOAT32 = "float32";

    /** Its name and version, such as {@code "libtorch 2.10.0"}. */
    String name();

    /** The type of number that most of the model is computed in, such as {@code "float32"} or {@code "int8"}. */
    default String precision() {
        return FLOAT32;
    }

    /**
     * The probabilities of a batch, after the activation.
     *
     * @return a row for each input, with a number for each class
     * @throws ModelFileException when the model does not take such inputs
     */
    float[][] probabilities(Inputs inputs);

    /** How many runs at once fill this machine; with fewer it stands partly idle, with more they wait for each other. */
    default int runs() {
        return 1;
    }

    /**
     * The same model for many inputs, with more {@link #runs} at once of fewer threads each, which do more in all; this
     * engine where it has no such other form. It is closed with this one.
     */
    default Engine parallel() {
        return this;
    }

    /** Frees the model. */
    @Override
    void close();

    /**
     * A model file that an engine opened by itself.
     *
     * @param document what the file says of the model
     * @param engine which computes it
     */
    record Opened(ModelDocument document, Engine engine) {}

    /** A library that computes models; found by {@link java.util.ServiceLoader}. */
    interface Provider {
        /** What users call it, such as {@code "onnxruntime"}. */
        String name();

        /** Its version. @throws RuntimeException when it does not work on this machine */
        String version();

        /**
         * Opens a file of the library's own kind.
         *
         * @return empty when it is of another kind
         * @throws ModelFileException when it cannot be used
         */
        default Optional<Opened> open(Path file) {
            return Optional.empty();
        }

        /**
         * Makes an engine for a model file of Espalier's.
         *
         * @return empty when the library cannot compute this model; the reason is logged
         */
        default Optional<Engine> open(ModelFile file) {
            return Optional.empty();
        }
    }
}
