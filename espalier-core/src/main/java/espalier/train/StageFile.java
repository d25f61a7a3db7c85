package espalier.train;

import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import espalier.tensor.Scope;
import espalier.weights.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file of a stage of training, to come back to: weights, history, and the optimiser's state where it is wanted. A
 * safetensors file whose metadata hold the history under {@code espalier-stage}. The file of weights alone, whatever wrote
 * it, is read too.
 */
final class StageFile {
    private static final String KEY = "espalier-stage";
    private static final String MODEL = "model.";
    private static final String OPTIMIZER = "optimizer.";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The JSON document. */
    private record Document(String optimizer, List<EpochResult> epochs, List<History.Step> steps) {}

    private StageFile() {}

    static void save(Learner<?> learner, Path file) {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        Weights.of(learner.model()).forEach((name, value) -> tensors.put(MODEL + name, value));
        try (var scope = Scope.open()) {
            learner.optimizer().state().forEach((name, value) -> tensors.put(OPTIMIZER + name, Weights.raw(value)));
        }
        var history = learner.wholeHistory();
        var document = new Document(learner.optimizer().name(), history.epochs(), history.steps());
        Safetensors.write(file, tensors, Map.of(KEY, JSON.writeValueAsString(document)));
    }

    static void saveWeights(Learner<?> learner, Path file) {
        Safetensors.write(file, Weights.of(learner.model()), Map.of());
    }

    /**
     * Puts what the file holds into the learner; gives the history.
     *
     * @throws ModelFileException when the weights do not fit the model, or the state the optimiser; nothing is changed then
     */
    static History load(Learner<?> learner, Path file) {
        try (var reader = Safetensors.open(file);
                var scope = Scope.open()) {
            var tensors = reader.tensors();
            var json = Optional.ofNullable(reader.metadata().get(KEY));
            if (json.isEmpty()) {
                Weights.load(learner.model(), tensors, file.toString());
                learner.optimizer().clearState();
                return new History();
            }
            var document = document(json.get(), file);
            check(learner, document, file);
            Map<String, RawTensor> weights = new LinkedHashMap<>();
            tensors.forEach((name, value) -> {
                if (name.startsWith(MODEL)) {
                    weights.put(name.substring(MODEL.length()), value);
                }
            });
            var state = Weights.part(tensors, OPTIMIZER);
            Weights.load(learner.model(), weights, file.toString());
            learner.optimizer().clearState();
            learner.optimizer().loadState(state);
            var history = new History();
            document.epochs().forEach(history::add);
            document.steps().forEach(history::add);
            return history;
        }
    }

    private static void check(Learner<?> learner, Document document, Path file) {
        if (!document.optimizer().equals(learner.optimizer().name())) {
            throw new ModelFileException(file + " has the state of the optimiser " + document.optimizer()
                    + ", and the learner's is " + learner.optimizer().name()
                    + ". Maybe choose the same, or save and load weights alone.");
        }
    }

    private static Document document(String json, Path file) {
        try {
            return JSON.readValue(json, Document.class);
        } catch (JacksonException malformed) {
            throw new ModelFileException(file + " is damaged: its history cannot be read: " + malformed.getMessage());
        }
    }
}
