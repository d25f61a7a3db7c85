package espalier.text;

import espalier.data.BatchTransform;
import espalier.data.DataBlock;
import espalier.data.InputBlock;
import espalier.data.Loaders;
import espalier.data.Sampler;
import espalier.data.Source.Example;
import espalier.data.Source.Found;
import espalier.data.Splits.Part;
import espalier.data.TargetBlock;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.RawTensor;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.loss.Activation;
import espalier.loss.Loss;
import espalier.metric.Metric;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.SingleBlasThread;
import espalier.tensor.Tensor;
import espalier.train.Callback;
import espalier.train.EpochResult;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Makes learners for language models, from texts without labels: the first half of ULMFiT. All texts, in random order, are one long
 * stream of tokens, cut into as many rows as a batch has; a batch is the next 72 tokens of each, so that the model goes on where
 * it was.
 *
 * <pre>{@code
 * var texts = LanguageLearner.of(field, train, valid);
 * try (var learner = texts.learner(TextArchitecture.awdLstm())) {
 *     learner.fitOneCycle(10, Rates.of(5e-3));
 *     learner.export(Path.of("language-model.safetensors"));
 * }
 * }</pre>
 *
 * @param reader how texts become tokens, with the vocabulary
 * @param train the stream to train on, as indices
 * @param valid the stream to judge by
 * @param rows of a batch, 64
 * @param steps tokens of a batch's row, 72
 * @param seed of the weights and of dropout, 42; the order of the texts is always the same
 */
public record LanguageLearner(TextReader reader, int[] train, int[] valid, int rows, int steps, long seed) {
    private static final int ROWS = 64;
    private static final int STEPS = 72;
    private static final long SEED = 42;

    /**
     * The usual ones.
     *
     * @param field how texts are read, with its vocabulary; an init token marks where a text begins
     * @throws DataException when there are too few tokens
     */
    public static LanguageLearner of(Field field, List<String> train, List<String> valid) {
        var reader = new TextReader(field);
        return new LanguageLearner(reader, stream(reader, train), stream(reader, valid), ROWS, STEPS, SEED);
    }

    /** The same with other batches. */
    public LanguageLearner rows(int rows) {
        return new LanguageLearner(reader, train, valid, rows, steps, seed);
    }

    /** The same with longer or shorter stretches between steps. */
    public LanguageLearner steps(int steps) {
        return new LanguageLearner(reader, train, valid, rows, steps, seed);
    }

    /** The same with another seed. */
    public LanguageLearner seed(long seed) {
        return new LanguageLearner(reader, train, valid, rows, steps, seed);
    }

    private static int[] stream(TextReader reader, List<String> texts) {
        int[] order = Rng.of(SEED).permutation(texts.size());
        var ids = IntStream.builder();
        for (int place : order) {
            var tokens = reader.tokens(texts.get(place));
            reader.field()
                    .marks()
                    .init()
                    .ifPresent(token -> ids.add(reader.vocabulary().stoi(token)));
            for (long id : reader.field().indices(tokens)) {
                ids.add((int) id);
            }
        }
        return ids.build().toArray();
    }

    /** A learner of a language model; only an {@link AwdEncoder} can be one. */
    public Learner<long[]> learner(TextArchitecture architecture) {
        if (!(architecture.encoder() instanceof AwdEncoder encoder)) {
            throw new IllegalArgumentException("a language model needs an AWD-LSTM, but the network is "
                    + architecture.name() + ". Maybe TextArchitecture.awdLstm().");
        }
        int own = Math.min(rows, Math.min(train.length / 2, valid.length / 2));
        if (own < 1) {
            throw new DataException(
                    "a language model needs texts to train on and others to be judged by, but they have " + train.length
                            + " and " + valid.length + " tokens. Maybe another column holds the texts.");
        }
        var sizes = encoder.sizes(reader.vocabulary().size(), reader.pad(), architecture.embedding());
        var dropouts = AwdLstm.Dropouts.languageModel().times(2 * architecture.dropout());
        var model = new LanguageModel(sizes, dropouts);
        model.reset(Rng.of(seed));
        return Learner.of(loaders(own), model, new OwnLoss())
                .seed(seed)
                .groups(model.groups())
                .callback(new Restart(model))
                .exporter((learner, file) -> export(learner, architecture, file));
    }

    private void export(Learner<?> learner, TextArchitecture architecture, Path file) {
        Map<String, Object> options = new LinkedHashMap<>(architecture.toMap());
        options.put(PretrainedEncoder.FIELD, reader.toMap());
        var document = ModelDocument.of(
                        PretrainedEncoder.TASK, new ModelDocument.Architecture(architecture.name(), options), List.of())
                .history(learner.history().epochs().stream()
                        .map(EpochResult::toMap)
                        .toList())
                .metrics(new LinkedHashMap<>(
                        learner.history().kept().map(EpochResult::judged).orElse(Map.of())));
        Map<String, RawTensor> tensors = new LinkedHashMap<>(Weights.of(learner.model()));
        StoredNames.put(
                tensors, PretrainedEncoder.VOCABULARY, reader.vocabulary().itos());
        ModelFile.save(file, document, tensors);
    }

    // ---- batches

    private Loaders<long[]> loaders(int rows) {
        List<Example> examples = new ArrayList<>();
        var trainRows = new Rows(train, rows, steps);
        var validRows = new Rows(valid, rows, steps);
        add(examples, Part.TRAIN, trainRows);
        add(examples, Part.VALID, validRows);
        return DataBlock.of(new Block(trainRows, validRows), new Nothing())
                .source(root -> new Found(examples, List.of(), List.of(), List.of()))
                .split((items, labels) -> items.stream()
                        .map(item -> item.id().startsWith("train") ? Part.TRAIN : Part.VALID)
                        .toList())
                .batchSize(rows)
                .seed(seed)
                .loaders(Path.of("texts"))
                .sampler(Sampler.inOrder());
    }

    private static void add(List<Example> examples, Part part, Rows rows) {
        String name = part == Part.TRAIN ? "train" : "valid";
        var path = Path.of(name);
        for (int i = 0; i < rows.items(); i++) {
            examples.add(new Example(
                    new Item(String.format("%s %09d", name, i), path), List.of(), Optional.of(part), "", i));
        }
    }

    /** A stream cut into rows, and these into stretches. */
    private record Rows(int[] stream, int rows, int steps) {
        private int length() {
            return stream.length / rows - 1; // the last token is only predicted
        }

        int items() {
            return rows * ((length() + steps - 1) / steps);
        }

        /** The tokens of an item, and the one behind them. */
        long[] item(int index) {
            int from = index / rows * steps;
            int to = Math.min(length(), from + steps);
            int start = index % rows * (length() + 1);
            return Arrays.stream(stream, start + from, start + to + 1)
                    .asLongStream()
                    .toArray();
        }
    }

    /** Stretches of the streams as inputs. */
    private record Block(Rows train, Rows valid) implements InputBlock<long[]> {
        @Override
        public String name() {
            return "tokens";
        }

        @Override
        public Optional<String> reject(Item item) {
            return Optional.empty();
        }

        @Override
        public long[] read(Item item, List<? extends Transform<long[]>> transforms, boolean training, Rng rng) {
            int index = Integer.parseInt(item.id().substring(item.id().indexOf(' ') + 1));
            return item.id().startsWith("train") ? train.item(index) : valid.item(index);
        }

        @Override
        public Supplier<Tensor> collate(
                List<long[]> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
            return () -> Tensor.of(
                    inputs.stream().flatMapToLong(Arrays::stream).toArray(), inputs.size(), inputs.get(0).length);
        }

        @Override
        public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<long[]>> transforms) {
            return List.of(Map.entry("indices", Arrays.toString(read(item, transforms, false, Rng.of(0)))));
        }
    }

    /** The next tokens are in the inputs; there is nothing else to learn. */
    private static final class Nothing implements TargetBlock {
        @Override
        public String task() {
            return PretrainedEncoder.TASK;
        }

        @Override
        public TargetBlock fit(List<List<String>> trainingLabels) {
            return this;
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public boolean hasClasses() {
            return false;
        }

        @Override
        public Tensor collate(List<List<String>> labels) {
            return Tensor.zeros(labels.size());
        }

        @Override
        public Loss loss() {
            return new OwnLoss();
        }

        @Override
        public List<Metric> metrics() {
            return List.of();
        }
    }

    /** What the model gives is the loss already: the mean cross entropy of the next tokens. */
    private static final class OwnLoss implements Loss {
        @Override
        public String name() {
            return "cross_entropy";
        }

        @Override
        public Tensor losses(Tensor scores, Tensor target) {
            return scores;
        }

        @Override
        public Activation activation() {
            return Activation.IDENTITY;
        }

        @Override
        public Tensor decode(Tensor probabilities) {
            return probabilities;
        }
    }

    /** Training and validation begin with states of zero. */
    private static final class Restart implements Callback {
        private final LanguageModel model;
        private Optional<SingleBlasThread> blas = Optional.empty();

        Restart(LanguageModel model) {
            this.model = model;
        }

        @Override
        public void beforeFit(Fit fit) {
            blas = Optional.of(SingleBlasThread.open());
        }

        @Override
        public void beforeEpoch(Fit fit) {
            model.restart();
        }

        @Override
        public void beforeValidate(Fit fit) {
            model.restart();
        }

        @Override
        public void afterFit(Fit fit) {
            model.restart();
            blas.ifPresent(SingleBlasThread::close);
        }
    }
}
