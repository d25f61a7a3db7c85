package espalier.text;

import espalier.format.ModelDocument;
import espalier.nn.Dropout;
import espalier.nn.Module;
import espalier.tensor.Recurrent.Build;
import espalier.tensor.Recurrent.Cell;
import espalier.text.TextNetwork.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A neural network for texts: vectors of tokens, learned, and an encoder over them.
 *
 * <pre>{@code
 * TextArchitecture.lstm()                                             // the tutorial's: 300, 100, the last state
 * TextArchitecture.gru().embedding(100).dropout(0.3)
 * TextArchitecture.of(TextArchitecture.Recurrent.of(Cell.LSTM).bidirectional().pooling(Pooling.MAX))
 * }</pre>
 *
 * @param encoder from vectors to features
 * @param embedding the numbers of a token's vector, 300
 * @param dropout probability for the vectors, between recurrent layers, and for the features
 */
public record TextArchitecture(Encoder encoder, int embedding, double dropout) {
    /** No dimension is larger. */
    private static final int MOST = 65_536;

    /** No more layers, and no more kernels, of at most this width. */
    private static final int MOST_LAYERS = 64;

    public TextArchitecture {
        check("the vectors of tokens", embedding, MOST);
        Dropout.of(dropout); // checks the range
    }

    /** What the states of a recurrent network are made into. */
    public enum Pooling {
        /** Their mean, weighted by a learned score of each. */
        ATTENTION,
        /** The last one, and for the second direction the first. */
        LAST,
        /** The largest value of each feature. */
        MAX,
        /** Their mean. */
        MEAN
    }

    /** From vectors to features. */
    public sealed interface Encoder permits AwdEncoder, Bag, Convolutional, Recurrent {
        /** The name in model files and on the command line, such as {@code "lstm"}. */
        String name();

        /** How many features a text has, F, of vectors of {@code dim} numbers. */
        int features(int dim);

        /** The number of weights over vectors of {@code dim} numbers, with those of the scores of {@code classes}. */
        long weights(long dim, int classes);

        /** What it was made with, by name, with values that JSON can hold. */
        Map<String, Object> options();

        /** The encoder of the same kind with these options. @throws IllegalArgumentException when one is missing */
        Encoder options(Map<String, Object> options);

        /** A network with this encoder. */
        Module network(int vocabulary, int pad, TextArchitecture of, int classes);
    }

    /**
     * A recurrent network.
     *
     * @param cell the kind of cell
     * @param hidden the numbers of a state, 100
     * @param layers how many are stacked, 1
     * @param bidirectional whether a second one reads from the end
     * @param pooling what the states are made into, the last one
     */
    public record Recurrent(Cell cell, int hidden, int layers, boolean bidirectional, Pooling pooling)
            implements Encoder {
        public Recurrent {
            if (cell == Cell.RNN_RELU) {
                throw new IllegalArgumentException("a network for texts has no cell " + cell + ". Maybe take RNN.");
            }
            check("a state", hidden, MOST);
            check("layers", layers, MOST_LAYERS);
        }

        /** One layer with states of 100 numbers, of which the last counts. */
        public static Recurrent of(Cell cell) {
            return new Recurrent(cell, 100, 1, false, Pooling.LAST);
        }

        /** A copy with other states. */
        public Recurrent hidden(int hidden) {
            return new Recurrent(cell, hidden, layers, bidirectional, pooling);
        }

        /** A copy with so many layers. */
        public Recurrent layers(int layers) {
            return new Recurrent(cell, hidden, layers, bidirectional, pooling);
        }

        /** A copy that reads from both ends. */
        public Recurrent bothDirections() {
            return new Recurrent(cell, hidden, layers, true, pooling);
        }

        /** A copy that makes something else of its states. */
        public Recurrent pooling(Pooling pooling) {
            return new Recurrent(cell, hidden, layers, bidirectional, pooling);
        }

        Build build() {
            return new Build(cell, layers, bidirectional);
        }

        @Override
        public String name() {
            return cell.name().toLowerCase(Locale.ROOT);
        }

        int features() {
            return bidirectional ? 2 * hidden : hidden;
        }

        @Override
        public int features(int dim) {
            return features();
        }

        @Override
        public long weights(long dim, int classes) {
            long weights = (features() + 1L) * classes;
            weights += pooling == Pooling.ATTENTION ? features() + 1L : 0;
            for (int layer = 0; layer < layers; layer++) {
                long in = layer == 0 ? dim : features();
                weights += (long) features() * cell.gates() * (in + hidden + 2);
            }
            return weights;
        }

        @Override
        public Map<String, Object> options() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("hidden", hidden);
            map.put("layers", layers);
            map.put("bidirectional", bidirectional);
            map.put("pooling", pooling.name().toLowerCase(Locale.ROOT));
            return map;
        }

        @Override
        public Module network(int vocabulary, int pad, TextArchitecture of, int classes) {
            return new RecurrentNetwork(of.tokens(vocabulary, pad), this, classes);
        }

        @Override
        public Recurrent options(Map<String, Object> options) {
            String pooling = String.valueOf(options.get("pooling")).toUpperCase(Locale.ROOT);
            return new Recurrent(
                    cell,
                    number(options, "hidden"),
                    number(options, "layers"),
                    Boolean.TRUE.equals(options.get("bidirectional")),
                    Pooling.valueOf(pooling));
        }
    }

    /**
     * Convolutions.
     *
     * @param filters of each width, 100
     * @param kernels the widths in tokens: 3, 4 and 5
     */
    public record Convolutional(int filters, List<Integer> kernels) implements Encoder {
        private static final String NAME = "cnn";

        public Convolutional {
            kernels = List.copyOf(kernels);
            check("filters", filters, MOST);
            check("kernels", kernels.size(), MOST_LAYERS);
            kernels.forEach(kernel -> check("a kernel", kernel, MOST_LAYERS));
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public int features(int dim) {
            return Math.multiplyExact(filters, kernels.size());
        }

        @Override
        public long weights(long dim, int classes) {
            return (features((int) dim) + 1L) * classes
                    + kernels.stream()
                            .mapToLong(kernel -> filters * (kernel * dim + 1))
                            .sum();
        }

        @Override
        public Map<String, Object> options() {
            return Map.of("filters", filters, "kernels", kernels);
        }

        @Override
        public Module network(int vocabulary, int pad, TextArchitecture of, int classes) {
            return new ConvolutionalNetwork(of.tokens(vocabulary, pad), this, classes);
        }

        @Override
        public Convolutional options(Map<String, Object> options) {
            if (!(options.get("kernels") instanceof List<?> kernels)) {
                throw new IllegalArgumentException("a network of convolutions needs the widths of its kernels, but got "
                        + options.get("kernels") + ". Maybe the file is damaged.");
            }
            return new Convolutional(
                    number(options, "filters"),
                    kernels.stream()
                            .map(kernel -> kernel instanceof Number number ? number.intValue() : 0)
                            .toList());
        }
    }

    /** The mean of the vectors, in any order: quick, and hard to beat on short texts. */
    public record Bag() implements Encoder {
        private static final String NAME = "bag";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public int features(int dim) {
            return dim;
        }

        @Override
        public long weights(long dim, int classes) {
            return (dim + 1) * classes;
        }

        @Override
        public Map<String, Object> options() {
            return Map.of();
        }

        @Override
        public Bag options(Map<String, Object> options) {
            return this;
        }

        @Override
        public Module network(int vocabulary, int pad, TextArchitecture of, int classes) {
            return new BagNetwork(of.tokens(vocabulary, pad), classes);
        }
    }

    // ---- the catalogue, alphabetical

    /** ULMFiT's AWD-LSTM over vectors of 400 numbers, with half of fastai's dropout, as its classifiers. */
    public static TextArchitecture awdLstm() {
        return new TextArchitecture(AwdEncoder.standard(), 400, 0.5);
    }

    /** The mean of the tokens' vectors. */
    public static TextArchitecture bag() {
        return of(new Bag());
    }

    /** Convolutions over three, four and five tokens, with half of the features dropped, as in the paper. */
    public static TextArchitecture cnn() {
        return of(new Convolutional(100, List.of(3, 4, 5))).dropout(0.5);
    }

    /** A gated recurrent unit. */
    public static TextArchitecture gru() {
        return of(Recurrent.of(Cell.GRU));
    }

    /** A long short-term memory: the tutorial's {@code OurFirstLSTM}. */
    public static TextArchitecture lstm() {
        return of(Recurrent.of(Cell.LSTM));
    }

    /** Elman's recurrent network. */
    public static TextArchitecture rnn() {
        return of(Recurrent.of(Cell.RNN));
    }

    /** All of them with their defaults. */
    public static List<TextArchitecture> all() {
        return List.of(awdLstm(), bag(), cnn(), gru(), lstm(), rnn());
    }

    /** The architecture of a name such as {@code "lstm"}. @throws IllegalArgumentException when there is none */
    public static TextArchitecture named(String name) {
        return all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no network for texts named " + name
                        + ", only "
                        + String.join(
                                ", ", all().stream().map(TextArchitecture::name).toList())
                        + ". Maybe it is misspelt."));
    }

    /** Any encoder over vectors of 300 numbers. */
    public static TextArchitecture of(Encoder encoder) {
        return new TextArchitecture(encoder, 300, 0);
    }

    /** A copy with another encoder. */
    public TextArchitecture encoder(Encoder encoder) {
        return new TextArchitecture(encoder, embedding, dropout);
    }

    /** A copy with other vectors. */
    public TextArchitecture embedding(int embedding) {
        return new TextArchitecture(encoder, embedding, dropout);
    }

    /** A copy that drops more or less in training. */
    public TextArchitecture dropout(double dropout) {
        return new TextArchitecture(encoder, embedding, dropout);
    }

    /** The name of the encoder. */
    public String name() {
        return encoder.name();
    }

    /** How many weights a network has. */
    public long weights(int vocabulary, int classes) {
        return (long) vocabulary * embedding + encoder.weights(embedding, classes);
    }

    /**
     * A network that has learned nothing: reset it with a generator of one's own.
     *
     * @param vocabulary the number of tokens, V
     * @param pad the index of padding
     * @param classes the number of scores, K
     */
    public Module network(int vocabulary, int pad, int classes) {
        return encoder.network(vocabulary, pad, this, classes);
    }

    Tokens tokens(int vocabulary, int pad) {
        return new Tokens(vocabulary, pad, embedding, dropout);
    }

    // ---- in model files

    /** What a model file says. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("embedding", embedding);
        map.put("dropout", dropout);
        map.putAll(encoder.options());
        return map;
    }

    /** What {@link #toMap} gave. @throws IllegalArgumentException when it is something else */
    static TextArchitecture from(ModelDocument.Architecture stored) {
        var options = stored.options();
        double dropout = options.get("dropout") instanceof Number number ? number.doubleValue() : 0;
        var encoder = named(stored.name()).encoder.options(options);
        return new TextArchitecture(encoder, number(options, "embedding"), dropout);
    }

    static int number(Map<String, Object> options, String name) {
        if (options.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw new IllegalArgumentException("the network needs the number " + name + ", but got " + options.get(name)
                + ". Maybe the file is damaged.");
    }

    private static void check(String what, int number, int most) {
        if (number < 1 || number > most) {
            throw new IllegalArgumentException("the number of " + what + " must be from 1 to " + most + ", but got "
                    + number + ". Maybe it was swapped with another.");
        }
    }
}
