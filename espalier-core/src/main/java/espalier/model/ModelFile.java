package espalier.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trained model as a file: the weights and a {@link ModelDocument} with everything a prediction needs.
 *
 * <p>It is a safetensors file whose metadata holds one key, {@code espalier}, with the document as JSON. It
 * holds no code and no class names; loading checks every bound, runs nothing and writes nothing. Files of
 * older format versions stay loadable.
 */
public final class ModelFile {
    static final String KEY = "espalier";
    private static final Logger LOG = LoggerFactory.getLogger(ModelFile.class);

    private final ModelDocument document;
    private final Map<String, RawTensor> tensors;

    private ModelFile(ModelDocument document, Map<String, RawTensor> tensors) {
        this.document = document;
        this.tensors = tensors;
    }

    /**
     * Reads a file whole and checks that no bit of the weights has changed since it was saved.
     *
     * @throws ModelFileException when the file is missing, damaged, no model, or of a newer version
     */
    public static ModelFile load(Path path) {
        return load(path, true);
    }

    /**
     * Reads a file without comparing the weights to their digest, which saves about 1 ms a megabyte; for files
     * that were changed on purpose.
     *
     * @throws ModelFileException when the file is missing, damaged, no model, or of a newer version
     */
    public static ModelFile loadUnverified(Path path) {
        return load(path, false);
    }

    private static ModelFile load(Path path, boolean verify) {
        try (var file = Safetensors.open(path)) {
            ModelDocument document = document(file, path);
            Map<String, RawTensor> tensors = file.tensors();
            if (verify) {
                String actual = file.sha256();
                if (!actual.equals(document.weightsSha256())) {
                    throw new ModelFileException("%s: the weights are damaged: their SHA-256 is %s, but should be %s."
                                    .formatted(path, actual, document.weightsSha256())
                            + " Maybe copy the file again, or load it unverified when it was changed on purpose.");
                }
            }
            var model = new ModelFile(document, tensors);
            List<String> nonFinite = model.nonFinite();
            if (!nonFinite.isEmpty()) {
                LOG.warn("{}: {} tensors hold NaN or infinity, first {}", path, nonFinite.size(), nonFinite.get(0));
            }
            return model;
        }
    }

    /**
     * Reads the document alone, for looking at a file quickly.
     *
     * @throws ModelFileException when the file is missing, damaged, no model, or of a newer version
     */
    public static ModelDocument inspect(Path path) {
        try (var file = Safetensors.open(path)) {
            return document(file, path);
        }
    }

    private static ModelDocument document(Safetensors file, Path path) {
        String json = Optional.ofNullable(file.metadata().get(KEY))
                .orElseThrow(() -> new ModelFileException(path
                        + ": a safetensors file, but not a model of Espalier: it has no description of the model."
                        + " Maybe it holds bare weights; build the architecture and load them into it."));
        return ModelDocumentJson.read(json, path.toString());
    }

    /**
     * Writes a model as a whole: a reader, or a second writer, never meets half of it.
     *
     * @return the document as it was written, with the digest of the weights
     * @throws ModelFileException when the file cannot be written
     */
    public static ModelDocument save(Path path, ModelDocument document, Map<String, RawTensor> tensors) {
        ModelDocument saved = document.weightsSha256(Safetensors.sha256(tensors));
        Safetensors.write(path, tensors, Map.of(KEY, ModelDocumentJson.write(saved)));
        return saved;
    }

    /** What the file says about the model. */
    public ModelDocument document() {
        return document;
    }

    /** The weights by name, in the order of the module's state dict. */
    public Map<String, RawTensor> tensors() {
        return tensors;
    }

    /** The names of the tensors that hold NaN or infinity: such a model predicts nothing of use. */
    public List<String> nonFinite() {
        return tensors.entrySet().stream()
                .filter(entry -> !entry.getValue().isFinite())
                .map(Map.Entry::getKey)
                .toList();
    }
}
