package espalier.predict;

import espalier.format.ModelDocument;
import espalier.format.ModelFileException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A model file ready to predict. Thread-safe; the same input gives the same answer alone and in a batch, but for
 * rounding (1e-5).
 *
 * <pre>{@code
 * try (var model = Predictor.load(Path.of("dogs.safetensors"))) {
 *     Prediction p = model.predict(Path.of("grizzly.jpg"));      // label, index, probabilities
 * }
 * }</pre>
 */
public final class Predictor implements AutoCloseable {
    private final PredictionTask<Object> task;
    private volatile boolean closed;

    @SuppressWarnings("unchecked") // what a task has read is only ever given back to that task
    private Predictor(PredictionTask<?> task) {
        this.task = (PredictionTask<Object>) task;
    }

    /**
     * Loads a model file, computed by the {@linkplain Engines#usual usual} engine.
     *
     * @throws ModelFileException when it is damaged, not a model file, too new, or of an unknown task
     */
    public static Predictor load(Path file) {
        return load(file, Engines.usual());
    }

    /**
     * Loads a model file.
     *
     * @param engine one of {@link Engines#names}
     * @throws ModelFileException when it is damaged, not a model file, too new, of an unknown task, or not one that this
     *     engine can compute
     */
    public static Predictor load(Path file, String engine) {
        return new Predictor(Tasks.of(file, engine));
    }

    /** A predictor for a task made otherwise, such as from published weights. Closing it closes the task. */
    public static Predictor of(PredictionTask<?> task) {
        return new Predictor(task);
    }

    /** What the model file says: classes, transforms, history, licence. */
    public ModelDocument document() {
        return task.document();
    }

    /** The classes or tags, in the order of the probabilities. */
    public List<String> classes() {
        return task.document().vocabulary();
    }

    /** What it predicts with. */
    public PredictionTask<?> task() {
        return task;
    }

    /** What computes the model, with its version, such as {@code "libtorch 2.10.0"}. */
    public String engine() {
        return task.engine();
    }

    /** Predicts a file. @throws DataException when it cannot be read */
    public Prediction predict(Path file) {
        return run(List.of(task.read(file))).get(0);
    }

    /** Predicts the bytes of a file. @throws DataException when they cannot be read */
    public Prediction predict(byte[] bytes) {
        return run(List.of(task.read(bytes))).get(0);
    }

    /** Predicts a picture. @throws DataException when the model takes no pictures */
    public Prediction predict(BufferedImage picture) {
        return run(List.of(task.read(picture))).get(0);
    }

    /** Predicts a text. @throws DataException when the model takes no texts */
    public Prediction predictText(String text) {
        return run(List.of(task.read(text))).get(0);
    }

    /**
     * An input that has been read and awaits the model: reading takes one thread and no model, so that a server can do
     * it while the model works on others.
     */
    public static final class Input {
        private final Object value;

        private Input(Object value) {
            this.value = value;
        }
    }

    /** Reads a file for {@link #predictInputs}. @throws DataException when it cannot be read */
    public Input read(Path file) {
        return new Input(task.read(file));
    }

    /** Reads the bytes of a file for {@link #predictInputs}. @throws DataException when they cannot be read */
    public Input read(byte[] bytes) {
        return new Input(task.read(bytes));
    }

    /** Takes a text for {@link #predictInputs}. @throws DataException when the model takes no texts */
    public Input readText(String text) {
        return new Input(task.read(text));
    }

    /** Predicts together what this predictor has read. */
    public List<Prediction> predictInputs(List<Input> inputs) {
        return run(inputs.stream().map(input -> input.value).toList());
    }

    /**
     * One file's answer.
     *
     * @param file the file
     * @param prediction what the model says; empty when the file cannot be read
     * @param error why it cannot be read; empty when it can
     */
    public record Answer(Path file, Optional<Prediction> prediction, Optional<String> error) {}

    /** Predicts files and folders, in the given order, folders in the order of their paths; unreadable files get an error. */
    public List<Answer> predictAll(List<Path> paths) {
        var answers = new ArrayList<Answer>();
        predictAll(paths, answers::add);
        return answers;
    }

    /** The same, handing over each answer as soon as it is known, in order. */
    public void predictAll(List<Path> paths, Consumer<Answer> consumer) {
        new PredictFiles(this, task).run(paths, consumer);
    }

    List<Prediction> run(List<Object> inputs) {
        if (closed) {
            throw new IllegalStateException(
                    "this predictor was closed. Maybe use it inside of its try block, or make it anew.");
        }
        var predictions = new ArrayList<Prediction>();
        for (int from = 0; from < inputs.size(); from += task.most()) {
            var batch = inputs.subList(from, Math.min(inputs.size(), from + task.most()));
            for (float[] row : task.probabilities(batch)) {
                checkFinite(row);
                predictions.add(Prediction.of(task.document(), row));
            }
        }
        return predictions;
    }

    private static void checkFinite(float[] probabilities) {
        for (float probability : probabilities) {
            if (!Float.isFinite(probability)) {
                throw new ModelFileException("the model's answer is not finite: " + probability
                        + ". Maybe it was saved after a training that diverged.");
            }
        }
    }

    /** Frees the model. */
    @Override
    public void close() {
        closed = true;
        task.close();
    }
}
