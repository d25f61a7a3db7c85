package espalier.text;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.loss.Activation;
import espalier.nn.Rescale;
import espalier.predict.TokenTask;
import espalier.report.PlainText;
import espalier.train.EpochResult;
import espalier.train.Learner;
import espalier.weights.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network for texts in a model file: its weights, the tokens of its vocabulary as UTF-8, and its field as data.
 *
 * @param metrics figures besides those of the last epoch
 */
record TextNetworkFile(
        TextArchitecture architecture,
        TextReader reader,
        Map<String, ? extends Object> metrics,
        Map<String, Object> details) {
    void save(Path file, Learner<?> learner) {
        Map<String, Object> figures = new LinkedHashMap<>(
                learner.history().kept().map(EpochResult::judged).orElse(Map.of()));
        figures.putAll(metrics);
        var target = learner.loaders().target();
        Map<String, Object> options = new LinkedHashMap<>(architecture.toMap());
        options.put(TokenTask.FIELD, reader.toMap());
        var document = ModelDocument.of(
                        TextOutput.KIND + target.task(),
                        new ModelDocument.Architecture(architecture.name(), options),
                        learner.loaders().classes())
                .activation(learner.loss().activation().modelName())
                .thresholds(target.thresholds())
                .history(learner.history().epochs().stream()
                        .map(EpochResult::toMap)
                        .toList())
                .metrics(figures)
                .details(details);
        Map<String, RawTensor> tensors = new LinkedHashMap<>(Weights.of(learner.model()));
        StoredNames.put(tensors, StoredNames.VOCABULARY, reader.vocabulary().itos());
        ModelFile.save(file, document, tensors);
    }

    /** Whether the file is of a network for texts. */
    static boolean isOne(ModelDocument document) {
        return TextModelFile.isForTexts(document)
                && TextArchitecture.all().stream()
                        .anyMatch(
                                one -> one.name().equals(document.architecture().name()));
    }

    /** Reads a network. @throws ModelFileException when the file contradicts itself */
    static NeuralTextClassifier load(ModelFile file) {
        try {
            return read(file);
        } catch (IllegalArgumentException wrong) {
            throw new ModelFileException(
                    "the model file cannot be used: " + PlainText.line(String.valueOf(wrong.getMessage()), 2_000),
                    wrong);
        }
    }

    private static NeuralTextClassifier read(ModelFile file) {
        var document = file.document();
        if (!(document.architecture().options().get(TokenTask.FIELD) instanceof Map<?, ?> field)) {
            throw new IllegalArgumentException("it does not say how texts are read. Maybe it was edited by hand.");
        }
        var reader = TextReader.from(field, StoredNames.vocabulary(file.tensors()));
        var architecture = TextArchitecture.from(document.architecture());
        int classes = document.vocabulary().size();
        Map<String, RawTensor> weights = new LinkedHashMap<>(file.tensors());
        weights.keySet().removeIf(name -> name.startsWith(StoredNames.VOCABULARY));
        long scaled = document.isNumeric() ? 2L * classes : 0;
        checkSize(architecture.weights(reader.vocabulary().size(), classes) + scaled, weights);
        var activation = Activation.named(document.activation())
                .orElseThrow(() -> new IllegalArgumentException("it has the unknown activation " + document.activation()
                        + ". Maybe a newer Espalier wrote it."));
        var network = architecture.network(reader.vocabulary().size(), reader.pad(), classes);
        if (document.isNumeric()) {
            network = new RescaledNetwork(network, Rescale.of(classes));
        }
        Weights.load(network, weights, "the model file");
        return new NeuralTextClassifier(document, reader, network, activation);
    }

    /** Before memory is taken for weights that the file does not have. */
    private static void checkSize(long needed, Map<String, RawTensor> weights) {
        long there = weights.values().stream().mapToLong(RawTensor::size).sum();
        if (needed != there) {
            throw new IllegalArgumentException("its network has " + needed + " weights, but the file has " + there
                    + ". Maybe it was edited by hand.");
        }
    }
}
