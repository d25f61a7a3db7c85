package espalier.app;

import espalier.data.Table;
import espalier.files.Destination;
import espalier.files.OutputLock;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.rng.Rng;
import espalier.text.LanguageLearner;
import espalier.text.PretrainedEncoder;
import espalier.text.TextArchitecture;
import espalier.train.Callback;
import espalier.train.EpochResult;
import espalier.train.callback.NanGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Training of a language model on the texts of a table, whose labels it does not look at: the job of
 * {@code espalier train language-model}. Its encoder is what {@link NeuralTexts#encoder} starts from.
 *
 * @param data the table; a tenth of its texts, drawn by what they say, is for validation
 * @param out the model file to write
 * @param architecture an AWD-LSTM
 * @param words how texts become tokens
 * @param schedule epochs, rate and batches: 10 epochs at 5e-3 by one-cycle
 * @param pretrained weights in fastai's format to start from
 * @param seed of the weights, of the split and of dropout, 42
 */
public record TrainLanguageModel(
        TextTable data,
        Path out,
        TextArchitecture architecture,
        NeuralTexts.Words words,
        NeuralTexts.Schedule schedule,
        Optional<Pretrained> pretrained,
        long seed) {
    private static final double VALID = 0.1;

    /**
     * Weights in fastai's format.
     *
     * @param weights the {@code .pth} file
     * @param tokens a text file with a token on each line, in the order of the weights' rows
     */
    public record Pretrained(Path weights, Path tokens) {}

    /**
     * What came of it.
     *
     * @param trainTexts how many texts it was trained on
     * @param validTexts how many it was judged by
     * @param vocabulary how many tokens it knows
     * @param weights how many numbers were trained
     * @param history the epochs, with the mean cross entropy of a token; its exponential is the perplexity
     * @param seconds how long everything took
     */
    public record Report(
            int trainTexts, int validTexts, int vocabulary, long weights, List<EpochResult> history, double seconds) {
        public Report {
            history = List.copyOf(history);
        }

        /** How many tokens the model is, as it were, in doubt between. */
        public double perplexity() {
            return history.isEmpty()
                    ? Double.NaN
                    : Math.exp(history.get(history.size() - 1).validLoss().orElse(Double.NaN));
        }

        /** The report as maps, lists, numbers and texts, of the shape that other trainings give. */
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("model", "language-model");
            map.put("n_train", trainTexts);
            map.put("n_valid", validTexts);
            map.put("vocabulary", vocabulary);
            map.put("weights", weights);
            map.put("seconds", seconds);
            map.put("history", history.stream().map(TrainingReport::row).toList());
            map.put("metrics", Map.of("perplexity", perplexity()));
            return map;
        }
    }

    /** The defaults for a table and a model file. */
    public static TrainLanguageModel of(TextTable data, Path out) {
        var words = NeuralTexts.Words.standard();
        return new TrainLanguageModel(
                data,
                out,
                TextArchitecture.awdLstm(),
                words.field(words.field().initToken("xxbos")).minFrequency(2),
                NeuralTexts.Schedule.standard().epochs(10).lr(5e-3),
                Optional.empty(),
                TrainImage.STANDARD_SEED);
    }

    /** The same with another AWD-LSTM. */
    public TrainLanguageModel architecture(TextArchitecture architecture) {
        return new TrainLanguageModel(data, out, architecture, words, schedule, pretrained, seed);
    }

    /** The same with other words. */
    public TrainLanguageModel words(NeuralTexts.Words words) {
        return new TrainLanguageModel(data, out, architecture, words, schedule, pretrained, seed);
    }

    /** The same with another schedule. */
    public TrainLanguageModel schedule(NeuralTexts.Schedule schedule) {
        return new TrainLanguageModel(data, out, architecture, words, schedule, pretrained, seed);
    }

    /** The same, starting from weights in fastai's format, which decide how large it is. */
    public TrainLanguageModel pretrained(Pretrained weights) {
        return new TrainLanguageModel(data, out, architecture, words, schedule, Optional.of(weights), seed);
    }

    /** The same with another seed. */
    public TrainLanguageModel seed(long seed) {
        return new TrainLanguageModel(data, out, architecture, words, schedule, pretrained, seed);
    }

    /**
     * Trains and writes the model file.
     *
     * @throws UncheckedIOException when {@link #out} cannot be written
     * @throws DataException when the table holds too little to train on
     */
    public Report run(Progress progress, Callback... callbacks) {
        long start = System.nanoTime();
        try (var lock = lock()) {
            progress.update(0, -1, "reading " + data.table().file());
            var parts = split(texts());
            progress.update(0, -1, "counting words");
            var plain = words.field();
            var field = plain.buildVocabulary(
                    () -> parts.train.stream().map(plain::preprocess).iterator(), words.most(), words.minFrequency());
            var encoder = pretrained.map(given -> PretrainedEncoder.fastai(given.weights, given.tokens, field));
            var own = encoder.map(PretrainedEncoder::architecture)
                    .map(given -> given.dropout(architecture.dropout()))
                    .orElse(architecture);
            var texts = LanguageLearner.of(field, parts.train, parts.valid)
                    .rows(schedule.batchSize())
                    .seed(seed);
            try (var learner = texts.learner(own).device(schedule.device())) {
                encoder.ifPresent(given -> given.fillLanguageModel(learner));
                var guard = new NanGuard();
                learner.callback(guard);
                List.of(callbacks).forEach(learner::callback);
                learner.fit(schedule.epochs(), Rates.of(schedule.lr()), schedule.policy());
                guard.reason().ifPresent(reason -> {
                    throw new DataException("training was stopped, and no model is saved: " + reason);
                });
                learner.export(out);
                return new Report(
                        parts.train.size(),
                        parts.valid.size(),
                        field.vocabulary().orElseThrow().size(),
                        learner.model().parameterCount(),
                        learner.history().epochs(),
                        (System.nanoTime() - start) / 1e9);
            }
        } catch (IOException held) {
            throw new UncheckedIOException(held.getMessage(), held);
        }
    }

    private OutputLock lock() throws IOException {
        Destination.fileBeside(out, data.table().file(), Set.of());
        return OutputLock.take(out);
    }

    private List<String> texts() {
        try (var rows = data.table().open()) {
            int text = data.text(rows);
            List<String> texts = new ArrayList<>();
            for (var row : rows) {
                if (row.fault().isEmpty() && !row.cell(text).isEmpty()) {
                    texts.add(Table.plain(row.cell(text)));
                }
            }
            return texts;
        }
    }

    private record Parts(List<String> train, List<String> valid) {}

    private Parts split(List<String> texts) {
        var parts = new Parts(new ArrayList<>(), new ArrayList<>());
        for (String text : texts) {
            boolean held = Rng.of(seed).derive(text.hashCode()).uniform() < VALID;
            (held ? parts.valid : parts.train).add(text);
        }
        return parts;
    }
}
