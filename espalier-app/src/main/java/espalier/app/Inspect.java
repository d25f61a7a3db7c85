package espalier.app;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The job of looking into a model file, or any safetensors file, without reading its weights.
 *
 * @param file the file
 */
public record Inspect(Path file) {
    /** The metadata key of Espalier's own document. */
    private static final String KEY = "espalier";

    /**
     * One tensor.
     *
     * @param name its name
     * @param dtype its type as PyTorch calls it, such as {@code "float32"}
     * @param shape its sizes
     */
    public record Entry(String name, String dtype, List<Long> shape) {
        /** The number of its elements. */
        public long elements() {
            return shape.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    /**
     * What is in the file.
     *
     * @param bytes the size of the file
     * @param document what Espalier wrote about the model; empty for a file of other origin
     * @param json the same document as the JSON text that lies in the file
     * @param metadata the other texts in the file
     * @param tensors the tensors in the order of the file
     */
    public record Result(
            long bytes,
            Optional<ModelDocument> document,
            Optional<String> json,
            Map<String, String> metadata,
            List<Entry> tensors) {
        /** The number of elements of all tensors, running statistics included. */
        public long elements() {
            return tensors.stream().mapToLong(Entry::elements).sum();
        }
    }

    /** Looks. @throws espalier.format.ModelFileException when it is missing, damaged or too new */
    public Result run() {
        try (var opened = Safetensors.open(file)) {
            var metadata = new java.util.LinkedHashMap<>(opened.metadata());
            var json = Optional.ofNullable(metadata.remove(KEY));
            return new Result(
                    Files.size(file),
                    json.map(text -> ModelFile.inspect(file)),
                    json,
                    metadata,
                    opened.names().stream().map(name -> entry(opened, name)).toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Entry entry(Safetensors file, String name) {
        return new Entry(
                name,
                file.dtype(name).torchName(),
                java.util.Arrays.stream(file.shape(name)).boxed().toList());
    }
}
