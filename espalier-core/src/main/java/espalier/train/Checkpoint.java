package espalier.train;

import espalier.data.DataException;
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
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file with everything that a run depends on: weights, the optimiser's state, plan, position and history.
 * All random numbers are functions of seed and position, so no generator needs saving. A safetensors file whose
 * metadata hold one JSON document under {@code espalier-checkpoint}.
 */
final class Checkpoint {
    private static final int VERSION = 3;
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
            Seeds seeds,
            int batchSize,
            Map<String, String> options,
            RunTerms.Data data,
            String sha256) {}

    /** Of random layers, and of the order and the transforms of the items. */
    private record Seeds(long learner, long data) {
        static Seeds of(Learner<?> learner) {
            return new Seeds(learner.seed(), learner.loaders().train().options().seed());
        }

        @Override
        public String toString() {
            return learner + " (data " + data + ")";
        }
    }

    private Checkpoint() {}

    static void save(Learner<?> learner, Fit fit, RunTerms terms, Path file) {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        learner.model().stateDict().forEach((name, value) -> tensors.put("model." + name, Weights.raw(value)));
        learner.optimizer().state().forEach((name, value) -> tensors.put("optimizer." + name, Weights.raw(value)));
        var document = new Document(
                VERSION,
                fit.plan(),
                fit.position(),
                fit.history().epochs(),
                fit.history().steps(),
                fit.smoothLoss().state(),
                Seeds.of(learner),
                learner.loaders().train().options().batchSize(),
                terms.options(),
                terms.data(),
                sha256(tensors));
        Safetensors.write(file, tensors, Map.of(KEY, JSON.writeValueAsString(document)));
    }

    /**
     * Puts a checkpoint into the learner; gives the fit as it was. Nothing is changed when the file cannot be used.
     *
     * @throws ModelFileException when the file is damaged or no checkpoint
     * @throws DataException when it belongs to another run
     */
    static Fit load(Learner<?> learner, RunTerms terms, Path file) {
        try (var reader = Safetensors.open(file);
                var scope = Scope.open()) {
            var tensors = reader.tensors();
            var document = document(reader, file);
            checkTensors(document, tensors, file);
            terms.check(new RunTerms(document.options(), document.data(), false));
            checkBatches(learner, document, file);
            learner.model().loadStateDict(part(tensors, "model."));
            learner.optimizer().loadState(part(tensors, "optimizer."));
            return restore(learner, document);
        } catch (IllegalArgumentException mismatch) {
            throw new DataException(
                    file + " belongs to another model: "
                            + String.valueOf(mismatch.getMessage())
                                    .lines()
                                    .limit(3)
                                    .collect(Collectors.joining("\n")),
                    mismatch);
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
            var tree = JSON.readTree(json);
            checkVersion(tree.path("version").asInt(0), file);
            return JSON.treeToValue(tree, Document.class);
        } catch (JacksonException malformed) {
            throw new ModelFileException(file + " is damaged: its document cannot be read: " + malformed.getMessage());
        }
    }

    private static void checkVersion(int version, Path file) {
        if (version != VERSION) {
            throw new ModelFileException(file + " has checkpoint format " + version + ", and this Espalier reads "
                    + VERSION + ". Maybe it was written by another version of Espalier.");
        }
    }

    private static void checkTensors(Document document, Map<String, RawTensor> tensors, Path file) {
        if (!document.sha256().equals(sha256(tensors))) {
            throw new ModelFileException(file + " is damaged: its tensors do not have the recorded SHA-256.");
        }
    }

    private static void checkBatches(Learner<?> learner, Document document, Path file) {
        int batchSize = learner.loaders().train().options().batchSize();
        var seeds = Seeds.of(learner);
        if (!document.seeds().equals(seeds) || document.batchSize() != batchSize) {
            throw new DataException(file + " belongs to a run with seed " + document.seeds() + " and batch size "
                    + document.batchSize() + ", not " + seeds + " and " + batchSize
                    + ". Maybe give the same as before, or start anew.");
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
