package espalier.model;

import espalier.tensor.DType;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
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

    @SuppressWarnings("unchecked") // what a task has read is only ever given back to that task
    private Predictor(PredictionTask<?> task) {
        this.task = (PredictionTask<Object>) task;
        this.task.module().eval();
    }

    /**
     * Loads a model file.
     *
     * @throws ModelFileException when it is damaged, not a model file, too new, or of an unknown task
     */
    public static Predictor load(Path file) {
        var model = ModelFile.load(file);
        var broken = model.nonFinite();
        if (!broken.isEmpty()) {
            throw new ModelFileException(file + " holds values that are not finite, in " + broken
                    + ". Maybe it was saved after a training that diverged.");
        }
        for (var provider : ServiceLoader.load(PredictionTask.Provider.class)) {
            var task = provider.open(model);
            if (task.isPresent()) {
                return new Predictor(task.get());
            }
        }
        throw new ModelFileException(
                file + " is for the task " + model.document().task()
                        + ", which nothing on the class path can do. Maybe a module of Espalier is missing.");
    }

    /** A predictor for a task made otherwise, such as from published weights. Closing it closes the task's module. */
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

    /** Reads the bytes of a file for {@link #predictInputs}. @throws DataException when they cannot be read */
    public Input read(byte[] bytes) {
        return new Input(task.read(bytes));
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
        task.module().checkOpen("predictor");
        if (inputs.isEmpty()) {
            return List.of();
        }
        try (var scope = Scope.open();
                var off = Grad.off()) {
            var scores = task.module().forward(task.collate(inputs)).to(DType.FLOAT32);
            float[] flat = task.activation(scores).toFloatArray(); // [N, K]
            int columns = flat.length / inputs.size();
            var predictions = new ArrayList<Prediction>();
            for (int i = 0; i < inputs.size(); i++) {
                float[] row = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
                predictions.add(new Prediction(classes(), row, task.document().thresholds()));
            }
            return predictions;
        }
    }

    /** Frees the model. */
    @Override
    public void close() {
        task.module().close();
    }
}
