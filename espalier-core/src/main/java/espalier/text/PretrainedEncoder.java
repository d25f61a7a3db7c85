package espalier.text;

import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.report.PlainText;
import espalier.train.Learner;
import espalier.weights.PthReader;
import espalier.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The encoder of a language model, for a classifier to start from: how texts are read, which tokens it knows, and its weights under
 * fastai's names.
 *
 * <pre>{@code
 * var encoder = PretrainedEncoder.load(Path.of("language-model.safetensors"));
 * var loaders = TextLoaders.of(parts, encoder.field()).loaders();
 * var learner = TextLearner.of(loaders, encoder.architecture());
 * encoder.fill(learner);
 * }</pre>
 */
public final class PretrainedEncoder {
    /** The task of model files of language models. */
    static final String TASK = "language-model";

    static final String FIELD = "field";
    static final String VOCABULARY = "vocabulary.";
    private static final String TABLE = "0.encoder.weight";
    private static final String BIAS = "1.decoder.bias";

    private final Field field;
    private final TextArchitecture architecture;
    private final Map<String, RawTensor> weights;

    private PretrainedEncoder(Field field, TextArchitecture architecture, Map<String, RawTensor> weights) {
        this.field = field;
        this.architecture = architecture;
        this.weights = weights;
    }

    /** How texts are read, with the vocabulary. */
    public Field field() {
        return field;
    }

    /** A classifier on this encoder. */
    public TextArchitecture architecture() {
        return architecture;
    }

    /** Whether a model file is a language model. */
    static boolean isOne(ModelFile file) {
        return file.document().task().equals(TASK);
    }

    /** Reads the model file of a language model. @throws ModelFileException when it is none, or contradicts itself */
    public static PretrainedEncoder load(Path path) {
        try {
            var file = ModelFile.load(path);
            if (!isOne(file)) {
                throw new ModelFileException(
                        path + " is a model for " + file.document().task()
                                + ", not a language model. Maybe make one: espalier train language-model.");
            }
            var options = file.document().architecture();
            if (!(options.options().get(FIELD) instanceof Map<?, ?> field)) {
                throw new IllegalArgumentException("it does not say how texts are read. Maybe it was edited by hand.");
            }
            var reader = TextReader.from(field, StoredNames.get(file.tensors(), VOCABULARY));
            Map<String, RawTensor> weights = new LinkedHashMap<>(file.tensors());
            weights.keySet().removeIf(name -> name.startsWith(VOCABULARY));
            return new PretrainedEncoder(reader.field(), TextArchitecture.from(options), weights);
        } catch (IllegalArgumentException wrong) {
            throw new ModelFileException(
                    path + " cannot be used: " + PlainText.line(String.valueOf(wrong.getMessage()), 2_000), wrong);
        }
    }

    /**
     * Weights in fastai's format, such as its published {@code wt103-fwd.pth}: the state dict of a language model, or of its encoder
     * alone. Its tokens come from a text file with one on each line, in the order of the weights' rows; a token of {@code field} that is
     * not among them gets the mean of all vectors, as in fastai.
     *
     * @param field how texts are read, with its vocabulary
     * @throws ModelFileException when the files do not fit together
     */
    public static PretrainedEncoder fastai(Path pth, Path tokens, Field field) {
        Map<String, RawTensor> all = new LinkedHashMap<>();
        PthReader.read(pth).forEach((name, raw) -> {
            String own = name.startsWith("0.") || name.startsWith("1.") ? name : "0." + name;
            boolean twice = own.equals("0.encoder_dp.emb.weight")
                    || own.equals("1.decoder.weight")
                    || own.matches("0[.]rnns[.][0-9]+[.]module[.]weight_hh_l0");
            if (!twice) {
                all.put(own, raw);
            }
        });
        var table = Objects.requireNonNullElseGet(all.get(TABLE), () -> {
            throw new ModelFileException(pth + " has no weights of an AWD-LSTM, but "
                    + all.keySet().stream().limit(5).toList() + ". Maybe it is another network's.");
        });
        List<String> rows = lines(tokens);
        if (rows.size() != table.shape()[0]) {
            throw new ModelFileException(pth + " has the vectors of " + table.shape()[0] + " tokens, but " + tokens
                    + " has " + rows.size() + " lines. Maybe it belongs to other weights.");
        }
        int layers = (int) all.keySet().stream()
                .filter(name -> name.endsWith(".weight_hh_l0_raw"))
                .count();
        var first = Objects.requireNonNull(all.get("0.rnns.0.weight_hh_l0_raw"));
        var encoder = new AwdEncoder((int) first.shape()[1], layers);
        var architecture = TextArchitecture.awdLstm().encoder(encoder).embedding((int) table.shape()[1]);
        List<String> own = field.known().itos();
        all.put(TABLE, matched(table, rows, own));
        Optional.ofNullable(all.get(BIAS)).ifPresent(bias -> all.put(BIAS, matched(bias, rows, own)));
        return new PretrainedEncoder(field, architecture, all);
    }

    /** Rows in the order of other tokens; the mean of all for those that are new. */
    private static RawTensor matched(RawTensor table, List<String> from, List<String> to) {
        Map<String, Integer> places = new HashMap<>();
        from.forEach(token -> places.putIfAbsent(token, places.size()));
        float[] values = table.floats();
        int dim = values.length / from.size();
        double[] mean = new double[dim];
        for (int i = 0; i < values.length; i++) {
            mean[i % dim] += values[i] / (double) from.size();
        }
        float[] rows = new float[to.size() * dim];
        for (int i = 0; i < to.size(); i++) {
            Integer place = places.get(to.get(i));
            for (int k = 0; k < dim; k++) {
                rows[i * dim + k] = place == null ? (float) mean[k] : values[place * dim + k];
            }
        }
        return table.shape().length == 1 ? RawTensor.of(rows, rows.length) : RawTensor.of(rows, to.size(), dim);
    }

    private static List<String> lines(Path tokens) {
        try {
            return Files.readAllLines(tokens);
        } catch (IOException unreadable) {
            throw new ModelFileException(
                    "cannot read " + tokens + ": " + unreadable.getMessage() + ". Maybe the name is misspelt.",
                    unreadable);
        }
    }

    /** Copies the encoder into a classifier, and puts its parameters into groups: vectors, each layer, head. */
    public void fill(Learner<?> learner) {
        var model = learner.model() instanceof RescaledNetwork rescaled ? rescaled.network() : learner.model();
        if (!(model instanceof AwdClassifier classifier)) {
            throw new IllegalArgumentException(
                    "an encoder is for a classifier of its own architecture, but the model is "
                            + model.getClass().getSimpleName()
                            + ". Maybe TextLearner.of(loaders, encoder.architecture()).");
        }
        var own = classifier.encoder();
        Map<String, RawTensor> encoder = new LinkedHashMap<>();
        weights.forEach((name, raw) -> {
            if (name.startsWith("0.")) {
                encoder.put(name.substring(2), raw);
            }
        });
        Weights.load(own, encoder, "the encoder");
        learner.groups(classifier.groups());
    }

    /** Copies all weights into a language model, see {@link LanguageLearner}; a missing bias of the scores stays as it is. */
    public void fillLanguageModel(Learner<?> learner) {
        if (!(learner.model() instanceof LanguageModel model)) {
            throw new IllegalArgumentException("expected a learner of a language model, but its model is "
                    + learner.model().getClass().getSimpleName() + ". Maybe LanguageLearner.of(field, train, valid).");
        }
        Map<String, RawTensor> all = new LinkedHashMap<>(weights);
        if (!all.containsKey(BIAS)) {
            all.put(BIAS, Objects.requireNonNull(Weights.of(model).get(BIAS)));
        }
        Weights.load(model, all, "the language model");
    }
}
