package espalier.train;

import espalier.data.Dataset;
import espalier.model.ModelFileException;
import espalier.model.RawTensor;
import espalier.model.Safetensors;
import espalier.model.Weights;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file with everything that a run depends on: weights, the optimiser's state, plan, position and history.
 * All random numbers are functions of seed and position, so no generator needs saving. A safetensors file whose
 * metadata hold one JSON document under {@code espalier-checkpoint}.
 */
final class Checkpoint {
    private static final int VERSION = 1;
    private static final String KEY = "espalier-checkpoint";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The JSON document. */
    private record Document(
            int version,
            List<Cycle> plan,
            Position position,
            List<EpochResult> epochs,
            List<History.Step> steps,
            double[] smoothLoss,
            long seed,
            int batchSize,
            String data,
            String sha256) {}

    private Checkpoint() {}

    static void save(Learner<?> learner, Fit fit, Path file) {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        learner.model().stateDict().forEach((name, value) -> tensors.put("model." + name, Weights.raw(value)));
        learner.optimizer().state().forEach((name, value) -> tensors.put("optimizer." + name, Weights.raw(value)));
        var loader = learner.loaders().train();
        var document = new Document(
                VERSION,
                fit.plan(),
                fit.position(),
                fit.history().epochs(),
                fit.history().steps(),
                fit.smoothLoss().state(),
                learner.seed(),
                loader.options().batchSize(),
                fingerprint(loader.dataset()),
                sha256(tensors));
        Safetensors.write(file, tensors, Map.of(KEY, JSON.writeValueAsString(document)));
    }

    /** Puts a checkpoint into the learner; gives the fit as it was. Nothing is changed when the file cannot be used. */
    static Fit load(Learner<?> learner, Path file) {
        try (var reader = Safetensors.open(file);
                var scope = Scope.open()) {
            var tensors = reader.tensors();
            var document = document(reader, file);
            check(learner, document, tensors, file);
            learner.model().loadStateDict(part(tensors, "model."));
            learner.optimizer().loadState(part(tensors, "optimizer."));
            return restore(learner, document);
        } catch (IllegalArgumentException mismatch) {
            throw new ModelFileException(file + " belongs to another model: " + mismatch.getMessage(), mismatch);
        }
    }

    private static Fit restore(Learner<?> learner, Document document) {
        var history = new History();
        document.epochs().forEach(history::add);
        document.steps().forEach(history::add);
        var fit = new Fit(learner, document.plan(), document.position(), history);
        fit.smoothLoss().restore(document.smoothLoss());
        return fit;
    }

    private static Document document(Safetensors reader, Path file) {
        String json = Optional.ofNullable(reader.metadata().get(KEY))
                .orElseThrow(() -> new ModelFileException(file + " is not a checkpoint: its metadata have no " + KEY
                        + ". Maybe it is an exported model, which cannot be resumed."));
        try {
            return JSON.readValue(json, Document.class);
        } catch (JacksonException malformed) {
            throw new ModelFileException(file + " is damaged: its document cannot be read: " + malformed.getMessage());
        }
    }

    private static void check(Learner<?> learner, Document document, Map<String, RawTensor> tensors, Path file) {
        if (document.version() > VERSION) {
            throw new ModelFileException(file + " has checkpoint format " + document.version()
                    + ", and this Espalier reads up to " + VERSION + ". Maybe it was written by a newer Espalier.");
        }
        if (!document.sha256().equals(sha256(tensors))) {
            throw new ModelFileException(file + " is damaged: its tensors do not have the recorded SHA-256.");
        }
        var loader = learner.loaders().train();
        if (!document.data().equals(fingerprint(loader.dataset()))) {
            throw new ModelFileException(file + " belongs to other data: the training items or their labels are not the"
                    + " same. Maybe files were added or removed since; start a new run.");
        }
        if (document.seed() != learner.seed()
                || document.batchSize() != loader.options().batchSize()) {
            throw new ModelFileException(file + " belongs to a run with seed " + document.seed() + " and batch size "
                    + document.batchSize() + ", not " + learner.seed() + " and "
                    + loader.options().batchSize() + ".");
        }
    }

    private static Map<String, Tensor> part(Map<String, RawTensor> tensors, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        tensors.forEach((name, raw) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), Weights.tensor(raw));
            }
        });
        return part;
    }

    private static String fingerprint(Dataset dataset) {
        var digest = digest();
        for (int i = 0; i < dataset.size(); i++) {
            digest.update((dataset.items().get(i).id() + "\0" + dataset.labels().get(i) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(Map<String, RawTensor> tensors) {
        var digest = digest();
        tensors.keySet().stream().sorted().forEach(name -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(java.util.Objects.requireNonNull(tensors.get(name)).data());
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
