package espalier.text;

import espalier.format.DType;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.report.PlainText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link TextClassifier} in a model file: n-grams as UTF-8, their rarities, the weights. */
final class TextModelFile {
    private static final String LINEAR = "linear";
    private static final String KINDS = "ngrams";
    private static final String LOWER_CASE = "lower_case";
    private static final String SUBLINEAR = "sublinear";
    private static final String MIN_TEXTS = "min_texts";
    private static final int MOST_KINDS = 16;

    private TextModelFile() {}

    static ModelDocument save(
            Path file, TextClassifier classifier, Map<String, Object> metrics, Map<String, Object> details) {
        var features = classifier.features();
        Map<String, Object> options = new LinkedHashMap<>();
        options.put(
                KINDS, features.options().kinds().stream().map(NGrams::toMap).toList());
        options.put(LOWER_CASE, features.options().lowerCase());
        options.put(SUBLINEAR, features.options().sublinear());
        options.put(MIN_TEXTS, features.options().minTexts());
        var output = classifier.output();
        var document = ModelDocument.of(
                        output.task(), new ModelDocument.Architecture(LINEAR, options), classifier.classes())
                .activation(output.activation())
                .thresholds(output.thresholds())
                .metrics(metrics)
                .details(details);
        return ModelFile.save(file, document, tensors(classifier));
    }

    private static Map<String, RawTensor> tensors(TextClassifier classifier) {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        var tables = classifier.features().tables();
        for (int i = 0; i < tables.size(); i++) {
            var table = tables.get(i);
            StoredNames.put(tensors, key(i), table.names());
            tensors.put(key(i) + "idf", RawTensor.of(table.idf(), table.size()));
        }
        var model = classifier.model();
        float[] weights = new float[Math.multiplyExact(model.features(), model.outputs())];
        float[] biases = new float[model.outputs()];
        for (int k = 0; k < biases.length; k++) {
            for (int j = 0; j < model.features(); j++) {
                weights[k * model.features() + j] = (float) model.weight(j, k);
            }
            biases[k] = (float) model.bias(k);
        }
        tensors.put("weight", RawTensor.of(weights, model.outputs(), model.features()));
        tensors.put("bias", RawTensor.of(biases, model.outputs()));
        return tensors;
    }

    private static String key(int kind) {
        return "ngrams." + kind + ".";
    }

    /** Whether the file is of a model of texts. */
    static boolean isForTexts(ModelDocument document) {
        return TextOutput.of(document).isPresent();
    }

    /** Whether the file is of a linear classifier of texts. */
    static boolean isOne(ModelDocument document) {
        return isForTexts(document) && document.architecture().name().equals(LINEAR);
    }

    /** Reads a classifier. @throws ModelFileException when the file contradicts itself */
    static TextClassifier load(ModelFile file) {
        try {
            return new Reader(file).read();
        } catch (IllegalArgumentException wrong) {
            throw new ModelFileException(
                    "the model file cannot be used: " + PlainText.line(String.valueOf(wrong.getMessage()), 2_000),
                    wrong);
        }
    }

    /** Reads, and checks each number before it is relied upon. */
    private static final class Reader {
        private final ModelFile file;
        private final ModelDocument document;
        private final TextOutput output;

        Reader(ModelFile file) {
            this.file = file;
            this.document = file.document();
            this.output = TextOutput.of(document).orElseThrow();
        }

        TextClassifier read() {
            var options = document.architecture().options();
            if (!(options.get(KINDS) instanceof List<?> listed) || listed.isEmpty() || listed.size() > MOST_KINDS) {
                throw new IllegalArgumentException("it names no kind of n-grams. Maybe it was edited by hand.");
            }
            List<NGramTable> tables = new ArrayList<>();
            for (Object kind : listed) {
                if (!(kind instanceof Map<?, ?> map)) {
                    throw new IllegalArgumentException("a kind of n-grams is no object. Maybe it was edited by hand.");
                }
                tables.add(table(tables.size(), NGrams.from(map)));
            }
            var tfIdf = new TfIdf(
                    tables.stream().map(NGramTable::kind).toList(),
                    Boolean.TRUE.equals(options.get(LOWER_CASE)),
                    Boolean.TRUE.equals(options.get(SUBLINEAR)),
                    options.get(MIN_TEXTS) instanceof Number least ? Math.max(0, least.intValue()) : 0,
                    0);
            var features = new FittedTfIdf(tfIdf, tables);
            return new TextClassifier(document.vocabulary(), output, features, model(features.size()));
        }

        private NGramTable table(int kind, NGrams ngrams) {
            var idf = tensor(key(kind) + "idf", DType.FLOAT32);
            var names = StoredNames.get(file.tensors(), key(kind));
            if (names.size() != idf.size()) {
                throw new IllegalArgumentException("it has " + names.size() + " n-grams and " + idf.size()
                        + " rarities. Maybe it was edited by hand.");
            }
            return new NGramTable(ngrams, names, idf.floats());
        }

        private LinearModel model(int features) {
            int classes = document.vocabulary().size();
            int outputs = output.scores(classes);
            if (classes < (output == TextOutput.CLASSES ? 2 : 1)) {
                throw new IllegalArgumentException("it has " + classes + " classes. Maybe it was edited by hand.");
            }
            float[] weights = shaped("weight", outputs, features);
            float[] biases = shaped("bias", outputs);
            double[] all = new double[Math.multiplyExact(features + 1, outputs)];
            for (int k = 0; k < outputs; k++) {
                for (int j = 0; j < features; j++) {
                    all[j * outputs + k] = weights[k * features + j];
                }
                all[features * outputs + k] = biases[k];
            }
            return new LinearModel(features, outputs, all);
        }

        private float[] shaped(String name, long... shape) {
            var tensor = tensor(name, DType.FLOAT32);
            if (!Arrays.equals(tensor.shape(), shape)) {
                throw new IllegalArgumentException("the tensor " + name + " has the shape "
                        + Arrays.toString(tensor.shape()) + ", but " + Arrays.toString(shape)
                        + " is needed. Maybe classes were added by hand.");
            }
            return tensor.floats();
        }

        private RawTensor tensor(String name, DType dtype) {
            return StoredNames.tensor(file.tensors(), name, dtype);
        }
    }
}
