package espalier.format;

import espalier.files.Sha256;
import espalier.report.PlainText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    private final String key;
    private final Path path;
    private @Nullable Map<String, RawTensor> tensors;

    private ModelFile(ModelDocument document, String key, Path path, @Nullable Map<String, RawTensor> tensors) {
        this.document = document;
        this.key = key;
        this.path = path;
        this.tensors = tensors;
    }

    private static String key(SafetensorsHeader header, String json) {
        var digest = new Sha256();
        ModelDigest.describe(digest, header, json);
        return digest.hex();
    }

    /** A model in memory. */
    static ModelFile of(ModelDocument document, Map<String, RawTensor> tensors) {
        String key = key(SafetensorsHeader.layout(tensors, Map.of()), document.toJson());
        return new ModelFile(document, key, Path.of(""), tensors);
    }

    /**
     * Reads the document. The weights are read and checked when they are first asked for: an engine that has them in a form of
     * its own needs none. What makes them useless is then a {@link ModelFileException} too.
     */
    public static ModelFile open(Path path) {
        try (var file = Safetensors.open(path)) {
            String json = json(file, path);
            return new ModelFile(ModelDocumentJson.read(json, path.toString()), key(file.header(), json), path, null);
        }
    }

    /**
     * Reads a file whole and checks that nothing has changed since it was saved: no bit of the weights, no name, type
     * or shape of a tensor, nothing in the document.
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
            String json = json(file, path);
            var document = ModelDocumentJson.read(json, path.toString());
            Map<String, RawTensor> tensors = file.tensors();
            if (verify && !ModelDigest.isOf(document.weightsSha256(), file, json)) {
                throw new ModelFileException(path + ": the weights are damaged or their description is: the SHA-256 of"
                        + " both should be " + PlainText.line(document.weightsSha256(), 64) + ", but is not."
                        + " Maybe copy the file again, or load it unverified when it was changed on purpose.");
            }
            var model = new ModelFile(document, key(file.header(), json), path, tensors);
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
            return ModelDocumentJson.read(json(file, path), path.toString());
        }
    }

    private static String json(Safetensors file, Path path) {
        return Optional.ofNullable(file.metadata().get(KEY))
                .orElseThrow(() -> new ModelFileException(path
                        + ": a safetensors file, but not a model of Espalier: it has no description of the model."
                        + " Maybe it holds bare weights; build the architecture and load them into it."));
    }

    /**
     * Writes a model as a whole: a reader, or a second writer, never meets half of it.
     *
     * @return the document as it was written, with its digest
     * @throws ModelFileException when the file cannot be written
     */
    public static ModelDocument save(Path path, ModelDocument document, Map<String, RawTensor> tensors) {
        String json = ModelDocumentJson.write(document.weightsSha256(""));
        ModelDocument saved = document.weightsSha256(ModelDigest.of(tensors, json));
        Safetensors.write(path, tensors, Map.of(KEY, ModelDocumentJson.write(saved)));
        return saved;
    }

    /** What the file says about the model. */
    public ModelDocument document() {
        return document;
    }

    /**
     * The weights by name, in the order of the module's state dict.
     *
     * @throws ModelFileException when they had not been read yet, and cannot be used
     */
    public synchronized Map<String, RawTensor> tensors() {
        if (tensors == null) {
            var whole = load(path);
            if (!whole.key.equals(key)) {
                throw new ModelFileException(path + " was replaced while it was in use. Maybe load it again.");
            }
            whole.checkFaults();
            tensors = whole.tensors();
        }
        return tensors;
    }

    private void checkFaults() {
        var faults = faults();
        if (!faults.isEmpty()) {
            throw new ModelFileException(path + " cannot predict: " + faults.get(0)
                    + (faults.size() > 1 ? " (and " + (faults.size() - 1) + " more such tensors)" : "")
                    + ". Maybe it was saved after a training that diverged.");
        }
    }

    /** A digest of all that the model computes and says: equal for equal models. */
    public String key() {
        return key;
    }

    /**
     * What makes the weights useless, a line each: values that are not finite, variances below zero. Every prediction
     * would be NaN.
     */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        nonFinite().forEach(name -> faults.add(PlainText.quoted(name) + " holds values that are not finite"));
        tensors().forEach((name, tensor) -> {
            if (name.endsWith("running_var") && isBelowZero(tensor)) {
                faults.add(PlainText.quoted(name) + " holds a negative variance");
            }
        });
        return faults;
    }

    private static boolean isBelowZero(RawTensor tensor) {
        for (float value : tensor.floats()) {
            if (value < 0) {
                return true;
            }
        }
        return false;
    }

    /** The names of the tensors that hold NaN or infinity: such a model predicts nothing of use. */
    public List<String> nonFinite() {
        return tensors().entrySet().stream()
                .filter(entry -> !entry.getValue().isFinite())
                .map(Map.Entry::getKey)
                .toList();
    }
}
