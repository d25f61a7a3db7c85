package espalier.app;

import espalier.files.Sha256;
import espalier.metric.Metrics;
import espalier.optim.Policies;
import espalier.optim.Policy;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.tensor.Device;
import espalier.text.AwdEncoder;
import espalier.text.EasyAugmentation;
import espalier.text.Field;
import espalier.text.LabelledTexts;
import espalier.text.PretrainedEncoder;
import espalier.text.TextArchitecture;
import espalier.text.TextBlock;
import espalier.text.TextLearner;
import espalier.text.TextLoaders;
import espalier.token.Tokenizers;
import espalier.token.Vocabulary;
import espalier.token.WordVectors;
import espalier.train.Checkpoints;
import espalier.train.Cycle;
import espalier.train.Learner;
import espalier.train.callback.NanGuard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network for texts.
 *
 * @param architecture which network
 * @param words how texts become tokens
 * @param schedule epochs, rate and batches
 * @param augmentation changes training texts; empty: they stay as they are
 * @param encoder the model file of a language model to start from: its words and its network are taken, and its layers are trained
 *     one after the other, from the head down; for an AWD-LSTM
 * @param kit optimiser, averages, logs and the like, none by default
 */
public record NeuralTexts(
        TextArchitecture architecture,
        Words words,
        Schedule schedule,
        Optional<EasyAugmentation> augmentation,
        Optional<Path> encoder,
        TrainingKit kit)
        implements TextTrainer {
    /** By how much the rate of a layer is smaller than that of the one above, from the paper on ULMFiT. */
    private static final double LAYER_RATIO = 2.6;

    /** How many times the last rate the first epochs have, in which only the head, one layer and two layers learn. */
    private static final double[] UNFREEZING = {10, 5, 2.5};

    /**
     * How texts become tokens.
     *
     * @param field how texts are read, without a vocabulary
     * @param most the most tokens that are known, 20,000
     * @param minFrequency how often a token must occur, 1
     * @param vectors a file of pretrained vectors; empty: they are learned from nothing
     */
    public record Words(Field field, int most, int minFrequency, Optional<Path> vectors) {
        /** Words in lower case, tweets' own included, 20,000 of them. */
        public static Words standard() {
            return new Words(Field.text().lower().tokenize(Tokenizers.tweets()), 20_000, 1, Optional.empty());
        }

        /** The same with another field. */
        public Words field(Field field) {
            return new Words(field, most, minFrequency, vectors);
        }

        /** The same with another size. */
        public Words most(int most) {
            return new Words(field, most, minFrequency, vectors);
        }

        /** The same with tokens that occur so often. */
        public Words minFrequency(int minFrequency) {
            return new Words(field, most, minFrequency, vectors);
        }

        /** The same with vectors of a file. */
        public Words vectors(Path file) {
            return new Words(field, most, minFrequency, Optional.of(file));
        }
    }

    /**
     * Epochs, rate and batches, and where they are computed.
     *
     * @param epochs how often all texts are gone through, 5
     * @param lr the learning rate, 2e-3
     * @param policy how the rate moves, one-cycle
     * @param batchSize texts a batch, 64
     * @param device where to compute; the first graphics card that there is, else the processor
     */
    public record Schedule(int epochs, double lr, Policy policy, int batchSize, Device device) {
        /** Five epochs by one-cycle. */
        public static Schedule standard() {
            return new Schedule(5, 2e-3, Policies.oneCycle(), 64, Device.best());
        }

        /** The same with so many epochs. */
        public Schedule epochs(int epochs) {
            return new Schedule(epochs, lr, policy, batchSize, device);
        }

        /** The same with another rate. */
        public Schedule lr(double lr) {
            return new Schedule(epochs, lr, policy, batchSize, device);
        }

        /** The same with a rate that moves otherwise. */
        public Schedule policy(Policy policy) {
            return new Schedule(epochs, lr, policy, batchSize, device);
        }

        /** The same elsewhere. */
        public Schedule device(Device device) {
            return new Schedule(epochs, lr, policy, batchSize, device);
        }

        /** The same with other batches. */
        public Schedule batchSize(int batchSize) {
            return new Schedule(epochs, lr, policy, batchSize, device);
        }
    }

    /** The defaults for a network. */
    public static NeuralTexts of(TextArchitecture architecture) {
        return new NeuralTexts(
                architecture,
                Words.standard(),
                Schedule.standard(),
                Optional.empty(),
                Optional.empty(),
                TrainingKit.NONE);
    }

    /** The same with other words. */
    public NeuralTexts words(Words words) {
        return new NeuralTexts(architecture, words, schedule, augmentation, encoder, kit);
    }

    /** The same with another schedule. */
    public NeuralTexts schedule(Schedule schedule) {
        return new NeuralTexts(architecture, words, schedule, augmentation, encoder, kit);
    }

    /** The same with changed training texts, or with them as they are. */
    public NeuralTexts augmentation(Optional<EasyAugmentation> augmentation) {
        return new NeuralTexts(architecture, words, schedule, augmentation, encoder, kit);
    }

    /** The same on the encoder of a language model. */
    public NeuralTexts encoder(Path languageModel) {
        if (!(architecture.encoder() instanceof AwdEncoder)) {
            throw new IllegalArgumentException("the encoder of a language model is for an AWD-LSTM, not for "
                    + architecture.name() + ". Maybe TextArchitecture.awdLstm().");
        }
        return new NeuralTexts(architecture, words, schedule, augmentation, Optional.of(languageModel), kit);
    }

    /** The same with another kit. */
    public NeuralTexts kit(TrainingKit kit) {
        return new NeuralTexts(architecture, words, schedule, augmentation, encoder, kit);
    }

    @Override
    public String model() {
        return architecture.name();
    }

    @Override
    public boolean seesValidation() {
        return false;
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--model", model());
        options.put("--max-vocab", String.valueOf(words.most));
        options.put("--min-frequency", String.valueOf(words.minFrequency));
        encoder.ifPresent(file -> options.put("--encoder", String.valueOf(file.getFileName())));
        words.vectors.ifPresent(file -> options.put("--vectors", String.valueOf(file.getFileName())));
        options.put("--epochs", String.valueOf(schedule.epochs));
        options.put("--lr", String.valueOf(schedule.lr));
        options.put("--schedule", schedule.policy.text());
        options.put("--batch-size", String.valueOf(schedule.batchSize));
        augmentation.ifPresent(eda -> options.put("--augment", String.valueOf(eda.alpha())));
        options.putAll(kit.asOptions());
        return options;
    }

    /** A learner on texts, ready to train, to look for a rate, or to be looked at. */
    Prepared prepare(LabelledTexts.Parts parts, long seed) {
        var pretrained = encoder.map(PretrainedEncoder::load);
        var field = pretrained
                .map(PretrainedEncoder::field)
                .orElseGet(() -> TextLoaders.field(words.field, parts.train(), words.most, words.minFrequency));
        var vocabulary = field.vocabulary().orElseThrow();
        var vectors = words.vectors.map(file -> WordVectors.load(file, vocabulary));
        var own = pretrained
                .map(PretrainedEncoder::architecture)
                .map(given -> given.dropout(architecture.dropout()))
                .or(() -> vectors.map(found -> architecture.embedding(found.dim())))
                .orElse(architecture);
        var plain = TextLoaders.of(parts, field).batchSize(schedule.batchSize).seed(seed);
        var loaders = augmentation.map(plain::transform).orElse(plain).loaders();
        var start = new TextLearner.Start(vectors, seed, Map.of());
        var learner = TextLearner.of(loaders, own, start).device(schedule.device());
        pretrained.ifPresent(given -> given.fill(learner));
        return new Prepared(learner, own, vocabulary, vectors);
    }

    /**
     * A learner before it trains.
     *
     * @param architecture with the pretrained vectors' own length
     */
    record Prepared(
            Learner<List<String>> learner,
            TextArchitecture architecture,
            Vocabulary vocabulary,
            Optional<WordVectors> vectors) {}

    @Override
    public Trained train(LabelledTexts.Parts parts, Run run) {
        run.progress().update(0, -1, "counting words");
        var prepared = prepare(parts, run.seed());
        var learner = prepared.learner;
        try {
            if (kit.watching().metrics().isEmpty() && parts.train().isNumeric()) {
                learner.metrics(Metrics.mae(), Metrics.rmse());
            } else if (kit.watching().metrics().isEmpty() && !parts.train().isMultiLabel()) {
                learner.metrics(Metrics.accuracy());
            }
            kit.fitOut(learner, run.out(), options(), Optional.empty());
            var guard = new NanGuard();
            learner.callback(guard);
            run.callbacks().forEach(learner::callback);
            train(learner, Checkpoints.beside(run.out()).options(terms(parts, prepared, run.seed())), run.resume());
            guard.reason().ifPresent(reason -> {
                throw new DataException("training was stopped, and no model is saved: " + reason);
            });
            return new Fitted(prepared, parts);
        } catch (RuntimeException failure) {
            learner.close();
            throw failure;
        }
    }

    private void train(Learner<?> learner, Checkpoints checkpoints, boolean resume) {
        learner.callback(checkpoints);
        if (resume && checkpoints.exist()) {
            checkpoints.resume(learner);
            return;
        }
        checkpoints.setAside().ifPresent(ImageTraining::tellOfOthers);
        learner.run(plan(learner.optimizer().groups().size()));
    }

    /** What must be the same for a training to be resumed. */
    private Map<String, String> terms(LabelledTexts.Parts parts, Prepared prepared, long seed) {
        Map<String, String> terms = new LinkedHashMap<>(options());
        terms.put("the network", String.valueOf(prepared.architecture));
        terms.put("--seed", String.valueOf(seed));
        var texts = new Sha256();
        parts.train().texts().forEach(text -> texts.add(text + "\n"));
        terms.put("the texts' checksum", texts.hex());
        return terms;
    }

    /** With a pretrained encoder an epoch for the head, one for the layer below it too, and so on; then all together. */
    private List<Cycle> plan(int groups) {
        if (encoder.isEmpty()) {
            var rates = Rates.of(schedule.lr).forGroups(groups);
            return List.of(Cycle.of("fit", schedule.epochs, 0, rates, schedule.policy));
        }
        List<Cycle> plan = new ArrayList<>();
        for (int stage = 0; stage < Math.min(UNFREEZING.length, groups - 1); stage++) {
            double[] rates = falling(UNFREEZING[stage] * schedule.lr, groups);
            plan.add(Cycle.of(stage == 0 ? "head" : "unfreezing", 1, groups - 1 - stage, rates, schedule.policy));
        }
        plan.add(Cycle.of("all", schedule.epochs, 0, falling(schedule.lr, groups), schedule.policy));
        return plan;
    }

    private static double[] falling(double lr, int groups) {
        return Rates.range(lr / Math.pow(LAYER_RATIO, groups - 1), lr).forGroups(groups);
    }

    private record Fitted(Prepared prepared, LabelledTexts.Parts parts) implements Trained {
        private TextBlock block() {
            return (TextBlock) prepared.learner.loaders().input();
        }

        @Override
        public TextReport.Training training() {
            var learner = prepared.learner;
            return new TextReport.Network(
                    prepared.vocabulary.size(),
                    prepared.vectors.map(WordVectors::missing),
                    learner.model().parameterCount(),
                    block().padding(),
                    learner.precision().dtype(),
                    learner.history().epochs());
        }

        @Override
        public boolean interrupted() {
            return prepared.learner.wasInterrupted() || prepared.learner.isInterrupted();
        }

        @Override
        public Judged valid() {
            var learner = prepared.learner;
            return new Judged(
                    parts.valid(),
                    TextLoaders.probabilities(learner, learner.loaders().valid()));
        }

        @Override
        public float[][] test() {
            var learner = prepared.learner;
            return TextLoaders.probabilities(learner, learner.loaders().test());
        }

        @Override
        public void export(Path out, Map<String, Double> metrics, Map<String, Object> details) {
            prepared.learner
                    .exporter(TextLearner.exporter(block(), prepared.architecture, metrics, details))
                    .export(out);
        }

        @Override
        public void close() {
            prepared.learner.close();
        }
    }
}
