package espalier.cli;

import espalier.app.LinearTexts;
import espalier.app.NeuralTexts;
import espalier.app.TrainingKit;
import espalier.optim.Policies;
import espalier.text.AwdEncoder;
import espalier.text.Field;
import espalier.text.TextArchitecture;
import espalier.text.TextArchitecture.Convolutional;
import espalier.text.TextArchitecture.Pooling;
import espalier.text.TextArchitecture.Recurrent;
import espalier.token.Tokenizers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of networks for texts: {@link NeuralTexts} on the command line. */
final class NetworkTextFlags {
    private static final double BELOW_ONE = Math.nextDown(1.0);
    private static final int MOST_NUMBERS = 8_192;
    private static final int MOST_LAYERS = 16;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = LinearTexts.MODEL,
            description = "What to train: linear, or a network: awd-lstm, bag, cnn, gru, lstm, rnn (${DEFAULT-VALUE}).")
    private String model = LinearTexts.MODEL;

    @Mixin
    private DeviceFlag device = new DeviceFlag();

    @Option(
            names = "--embedding",
            paramLabel = "N",
            description = "The numbers of a word's vector (300; awd-lstm 400).")
    private Optional<Integer> embedding = Optional.empty();

    @Option(
            names = "--hidden",
            paramLabel = "N",
            description =
                    "The numbers of a state of lstm, gru and rnn, and the filters of each width of cnn (100; awd-lstm 1152).")
    private Optional<Integer> hidden = Optional.empty();

    @Option(names = "--layers", paramLabel = "N", description = "Layers of lstm, gru and rnn (1; awd-lstm 3).")
    private Optional<Integer> layers = Optional.empty();

    @Option(names = "--bidirectional", description = "Read the texts from both ends: lstm, gru and rnn.")
    private boolean bidirectional;

    @Option(
            names = "--pooling",
            paramLabel = "last|max|mean|attention",
            description = "What the states of lstm, gru and rnn are made into (last).")
    private Optional<Pooling> pooling = Optional.empty();

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "Drop this share of vectors' and features' numbers in training (0; awd-lstm and cnn 0.5).")
    private Optional<Double> dropout = Optional.empty();

    @Option(
            names = "--tokenizer",
            paramLabel = "NAME|FILE",
            description =
                    "How a network's texts become words: characters, tweets, whitespace, words; or a tokenizer.json"
                            + " of Hugging Face (tweets).")
    private Optional<String> tokenizer = Optional.empty();

    @Option(names = "--max-vocab", paramLabel = "N", description = "The most words that a network knows (20000).")
    private Optional<Integer> maxVocab = Optional.empty();

    @Option(names = "--min-frequency", paramLabel = "N", description = "How often a known word occurs at least (1).")
    private Optional<Integer> minFrequency = Optional.empty();

    @Option(
            names = "--vectors",
            paramLabel = "FILE",
            description = "Pretrained vectors to start from: a text file of GloVe, fastText or word2vec.")
    private Optional<Path> vectors = Optional.empty();

    @Option(
            names = "--encoder",
            paramLabel = "FILE",
            description = "A language model to start from, for awd-lstm: see train language-model.")
    private Optional<Path> encoder = Optional.empty();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often a network sees all texts (5; with --encoder 10).")
    private Optional<Integer> epochs = Optional.empty();

    @Option(names = "--lr", paramLabel = "RATE", description = "A network's learning rate (2e-3; with --encoder 1e-2).")
    private Optional<Double> lr = Optional.empty();

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How the rate moves: constant, cosine, one-cycle and others, as for pictures (one-cycle).")
    private Optional<String> schedule = Optional.empty();

    @Option(names = "--batch-size", paramLabel = "N", description = "Texts a batch of a network (64).")
    private Optional<Integer> batchSize = Optional.empty();

    /** The network to train; empty for a linear model. */
    Optional<NeuralTexts> trainer(TrainingKit kit) {
        if (model.equals(LinearTexts.MODEL)) {
            checkUnused(kit);
            return Optional.empty();
        }
        if (kit.regularization().mixUp().isPresent()
                || kit.regularization().cutMix().isPresent()) {
            throw usage("--mixup and --cutmix mix pictures; texts cannot be mixed. Maybe --dropout 0.5.");
        }
        var network = NeuralTexts.of(architecture())
                .words(words())
                .schedule(schedule())
                .kit(kit);
        return Optional.of(encoder.isPresent() ? onEncoder(network, encoder.get()) : network);
    }

    private NeuralTexts onEncoder(NeuralTexts network, Path file) {
        if (!(network.architecture().encoder() instanceof AwdEncoder)) {
            throw usage("--encoder is for --model awd-lstm, not for --model " + model + ". Maybe --vectors.");
        }
        boolean more = Stream.of(embedding, hidden, layers, tokenizer, maxVocab, minFrequency, vectors)
                .anyMatch(Optional::isPresent);
        if (more) {
            throw usage(
                    "the words and the sizes are those of --encoder. Maybe leave out --embedding, --hidden, --layers,"
                            + " --tokenizer, --max-vocab, --min-frequency and --vectors.");
        }
        return network.encoder(CommandException.file(file));
    }

    /** The network whose learning rate is searched. */
    NeuralTexts withoutRate() {
        if (lr.isPresent() || schedule.isPresent() || epochs.isPresent()) {
            throw usage("--lr, --epochs and --schedule are what the search is for. Maybe give them to train text.");
        }
        return trainer(TrainingKit.NONE)
                .orElseThrow(
                        () -> usage("--model linear has no learning rate. Maybe a network was meant: --model lstm."));
    }

    private static CommandException usage(String message) {
        return new CommandException(ExitCodes.USAGE, message);
    }

    /** What would be ignored is an error. */
    private void checkUnused(TrainingKit kit) {
        var given = given();
        given.put("--bidirectional", bidirectional ? Optional.of(true) : Optional.empty());
        given.put("--device", device.chosen());
        given.put(
                "what is said of the optimiser, the metrics or the logs",
                Optional.of(kit).filter(all -> !all.equals(TrainingKit.NONE)));
        given.forEach((name, value) -> value.ifPresent(is -> {
            throw usage(name + " is for networks, not for --model linear. Maybe --model lstm.");
        }));
    }

    private TextArchitecture architecture() {
        var usual = TextArchitecture.named(model);
        var architecture = sized(usual, embedding, dropout);
        if (usual.encoder() instanceof Recurrent recurrent) {
            var sized = recurrent
                    .hidden(Bounds.whole("--hidden", hidden, recurrent.hidden(), MOST_NUMBERS))
                    .layers(Bounds.whole("--layers", layers, recurrent.layers(), MOST_LAYERS))
                    .pooling(pooling.orElse(recurrent.pooling()));
            return architecture.encoder(bidirectional ? sized.bothDirections() : sized);
        }
        if (usual.encoder() instanceof AwdEncoder awd && !bidirectional && pooling.isEmpty()) {
            return architecture.encoder(sized(awd, hidden, layers));
        }
        if (layers.isPresent() || bidirectional || pooling.isPresent()) {
            throw usage("--layers, --bidirectional and --pooling are for lstm, gru and rnn, not for --model " + model
                    + ". Maybe leave them out.");
        }
        if (usual.encoder() instanceof Convolutional cnn) {
            int filters = Bounds.whole("--hidden", hidden, cnn.filters(), MOST_NUMBERS);
            return architecture.encoder(new Convolutional(filters, cnn.kernels()));
        }
        if (hidden.isPresent()) {
            throw usage("--hidden is for lstm, gru, rnn and cnn, not for --model " + model + ". Maybe --embedding.");
        }
        return architecture;
    }

    private NeuralTexts.Words words() {
        var usual = NeuralTexts.Words.standard();
        var words = counted(usual, maxVocab, minFrequency);
        words = tokenizer.isPresent() ? words.field(field(tokenizer.get())) : words;
        return vectors.isPresent() ? words.vectors(CommandException.file(vectors.get())) : words;
    }

    private static Field field(String tokenizer) {
        if (tokenizer.endsWith(".json")) {
            return Field.text().tokenize(Tokenizers.huggingFace(CommandException.file(Path.of(tokenizer))));
        }
        return Field.text().lower().tokenize(Tokenizers.from(tokenizer.toLowerCase(Locale.ROOT), Map.of()));
    }

    private NeuralTexts.Schedule schedule() {
        var usual = encoder.isPresent()
                ? NeuralTexts.Schedule.standard().epochs(10).lr(1e-2)
                : NeuralTexts.Schedule.standard();
        return epochs(usual, epochs, batchSize)
                .lr(Bounds.number("--lr", lr.orElse(usual.lr()), 0, Double.MAX_VALUE, "2e-3"))
                .policy(schedule.map(Policies::parse).orElse(usual.policy()))
                .device(device.device());
    }

    /** A network whose vectors have this length, and with this dropout. */
    static TextArchitecture sized(TextArchitecture usual, Optional<Integer> embedding, Optional<Double> dropout) {
        return usual.embedding(Bounds.whole("--embedding", embedding, usual.embedding(), MOST_NUMBERS))
                .dropout(Bounds.number(
                        "--dropout", dropout.orElse(usual.dropout()), Bounds.FROM_ZERO, BELOW_ONE, "0.5"));
    }

    /** An AWD-LSTM of these sizes. */
    static AwdEncoder sized(AwdEncoder usual, Optional<Integer> hidden, Optional<Integer> layers) {
        return new AwdEncoder(
                Bounds.whole("--hidden", hidden, usual.hidden(), MOST_NUMBERS),
                Bounds.whole("--layers", layers, usual.layers(), MOST_LAYERS));
    }

    /** So many words, each of which occurs so often. */
    static NeuralTexts.Words counted(
            NeuralTexts.Words usual, Optional<Integer> maxVocab, Optional<Integer> minFrequency) {
        return usual.most(Bounds.whole("--max-vocab", maxVocab, usual.most(), 10_000_000))
                .minFrequency(Bounds.whole("--min-frequency", minFrequency, usual.minFrequency(), 1_000_000));
    }

    /** So many epochs, of batches of this size. */
    static NeuralTexts.Schedule epochs(
            NeuralTexts.Schedule usual, Optional<Integer> epochs, Optional<Integer> batchSize) {
        return usual.epochs(Bounds.whole("--epochs", epochs, usual.epochs(), 100_000))
                .batchSize(Bounds.whole("--batch-size", batchSize, usual.batchSize(), 100_000));
    }

    /** The options that have a value, as they were given. */
    private Map<String, Optional<?>> given() {
        Map<String, Optional<?>> given = new LinkedHashMap<>();
        given.put("--embedding", embedding);
        given.put("--hidden", hidden);
        given.put("--layers", layers);
        given.put("--pooling", pooling.map(one -> one.name().toLowerCase(Locale.ROOT)));
        given.put("--dropout", dropout);
        given.put("--tokenizer", tokenizer.map(name -> Console.word(Path.of(name))));
        given.put("--max-vocab", maxVocab);
        given.put("--min-frequency", minFrequency);
        given.put("--vectors", vectors.map(Console::word));
        given.put("--encoder", encoder.map(Console::word));
        given.put("--epochs", epochs);
        given.put("--lr", lr);
        given.put("--schedule", schedule);
        given.put("--batch-size", batchSize);
        return given;
    }

    /** The options of a search for the rate as they were given, each after a blank. */
    String commandLine() {
        var line = new StringBuilder(" --model " + model);
        given().forEach((name, value) ->
                value.ifPresent(is -> line.append(' ').append(name).append(' ').append(is)));
        return line + (bidirectional ? " --bidirectional" : "");
    }
}
