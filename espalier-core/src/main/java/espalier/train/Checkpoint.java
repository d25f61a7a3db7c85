package espalier.train;

import espalier.files.Sha256;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import espalier.optim.OneCycle;
import espalier.optim.Policies;
import espalier.report.DataException;
import espalier.tensor.Scope;
import espalier.weights.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file with everything that a run depends on: weights, the optimiser's state, plan, position and history.
 * All random numbers are functions of seed and position, so no generator needs saving. A safetensors file whose
 * metadata hold one JSON document under {@code espalier-checkpoint}.
 */
final class Checkpoint {
    private static final int VERSION = 4;
    private static final String MODEL = "model.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String CALLBACK = "callback.";
    private static final String KEY = "espalier-checkpoint";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The JSON document. */
    private record Document(
            int version,
            List<Stage> plan,
            Position position,
            List<EpochResult> epochs,
            List<History.Step> steps,
            double[] smoothLoss,
            Seeds seeds,
            int batchSize,
            Map<String, String> options,
            RunTerms.Data data,
            String sha256) {}

    /** A cycle in words. */
    private record Stage(String name, int epochs, int freezeTo, List<Double> rates, String schedule) {
        static Stage of(Cycle cycle) {
            return new Stage(
                    cycle.name(),
                    cycle.epochs(),
                    cycle.freezeTo(),
                    cycle.rates(),
                    cycle.policy().text());
        }

        Cycle cycle() {
            return new Cycle(name, epochs, freezeTo, rates, Policies.parse(schedule));
        }
    }

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
        try (var scope = Scope.open()) {
            learner.model().stateDict().forEach((name, value) -> tensors.put(MODEL + name, Weights.raw(value)));
            learner.optimizer().state().forEach((name, value) -> tensors.put(OPTIMIZER + name, Weights.raw(value)));
            learner.callbacksInOrder().forEach(callback -> putState(callback, tensors));
        }
        var document = new Document(
                VERSION,
                fit.plan().stream().map(Stage::of).toList(),
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

    private static void putState(Callback callback, Map<String, RawTensor> tensors) {
        if (callback instanceof StatefulCallback stateful) {
            String prefix = CALLBACK + stateful.stateName() + ".";
            stateful.state().forEach((name, value) -> {
                if (tensors.put(prefix + name, Weights.raw(value)) != null) {
                    throw new IllegalStateException("two callbacks are called " + stateful.stateName()
                            + ", and a checkpoint can hold the state of only one. Maybe it was added twice.");
                }
            });
        }
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
            learner.model().loadStateDict(Weights.part(tensors, MODEL));
            learner.optimizer().loadState(Weights.part(tensors, OPTIMIZER));
            var fit = restore(learner, document);
            fit.states(tensors.entrySet().stream()
                    .filter(tensor -> tensor.getKey().startsWith(CALLBACK))
                    .collect(Collectors.toMap(
                            tensor -> tensor.getKey().substring(CALLBACK.length()), Map.Entry::getValue)));
            return fit;
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
        var fit = new Fit(learner, document.plan().stream().map(Stage::cycle).toList(), document.position(), history);
        fit.smoothLoss().restore(document.smoothLoss());
        return fit;
    }

    private static Document document(Safetensors reader, Path file) {
        String json = Optional.ofNullable(reader.metadata().get(KEY))
                .orElseThrow(() -> new ModelFileException(file + " is not a checkpoint: its metadata have no " + KEY
                        + ". Maybe it is an exported model, which cannot be resumed."));
        try {
            var tree = JSON.readTree(json);
            int version = tree.path("version").asInt(0);
            checkVersion(version, file);
            if (version == 3) {
                tree.path("plan").forEach(stage -> nameSchedule((ObjectNode) stage));
            }
            return JSON.treeToValue(tree, Document.class);
        } catch (JacksonException malformed) {
            throw new ModelFileException(file + " is damaged: its document cannot be read: " + malformed.getMessage());
        }
    }

    /** Format 3 knew the one-cycle policy alone, by its numbers, and the constant rate. */
    private static void nameSchedule(ObjectNode stage) {
        var oneCycle = stage.remove("oneCycle");
        boolean constant = oneCycle == null || oneCycle.isNull();
        var policy = constant ? Policies.constant() : JSON.treeToValue(oneCycle, OneCycle.class);
        stage.put("schedule", policy.text());
    }

    private static void checkVersion(int version, Path file) {
        if (version != VERSION && version != 3) {
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

    private static String sha256(Map<String, RawTensor> tensors) {
        var digest = new Sha256();
        tensors.keySet().stream().sorted().forEach(name -> {
            digest.add(name);
            digest.add(java.util.Objects.requireNonNull(tensors.get(name)).data());
        });
        return digest.hex();
    }
}
