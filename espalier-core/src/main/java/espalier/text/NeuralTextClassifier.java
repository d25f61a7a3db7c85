package espalier.text;

import espalier.format.DType;
import espalier.format.ModelDocument;
import espalier.loss.Activation;
import espalier.nn.Module;
import espalier.predict.Engines;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.Machine;
import espalier.tensor.Scope;
import espalier.tensor.SingleBlasThread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A trained network for texts, in evaluation mode. */
final class NeuralTextClassifier implements TextPredictor {
    /** So many texts go through the network together. */
    private static final int AT_ONCE = 64;

    /** So many tokens of a text are explained; each costs a run of the network. */
    private static final int MOST_EXPLAINED = 256;

    /** So many texts tell which tokens speak for the classes, divided among them. */
    private static final int MOST_TOLD = 2_048;

    private final ModelDocument document;
    private final TextReader reader;
    private final Module network;
    private final Activation activation;
    private final Device device;
    private final SingleBlasThread blas;

    NeuralTextClassifier(ModelDocument document, TextReader reader, Module network, Activation activation) {
        this.document = document;
        this.reader = reader;
        this.network = network.eval();
        this.device = Device.parse(Engines.device());
        network.to(device);
        this.activation = activation;
        this.blas = SingleBlasThread.open();
    }

    @Override
    public List<String> classes() {
        return document.vocabulary();
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        return ofTokens(texts.stream().map(reader::tokens).toList());
    }

    /** The shortest first, so that little is padded. */
    private float[][] ofTokens(List<List<String>> texts) {
        var order = new ArrayList<Integer>();
        for (int i = 0; i < texts.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingInt(i -> texts.get(i).size()));
        var rows = new float[texts.size()][];
        for (int from = 0; from < rows.length; from += AT_ONCE) {
            var some = order.subList(from, Math.min(rows.length, from + AT_ONCE));
            float[][] answers = batch(some.stream().map(texts::get).toList());
            for (int i = 0; i < answers.length; i++) {
                rows[some.get(i)] = answers[i];
            }
        }
        return rows;
    }

    private float[][] batch(List<List<String>> texts) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            var scores = network.forward(reader.batch(texts).to(device)).to(DType.FLOAT32);
            float[] flat = activation.apply(scores).toFloatArray(); // [N, K]
            int columns = flat.length / texts.size();
            var rows = new float[texts.size()][];
            Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * columns, (i + 1) * columns));
            return rows;
        }
    }

    @Override
    public List<Telling> explain(String text, int label, int most) {
        var tokens = reader.tokens(text);
        int explained = Math.min(tokens.size(), MOST_EXPLAINED);
        List<List<String>> variants = new ArrayList<>(List.of(tokens));
        for (int i = 0; i < explained; i++) {
            var without = new ArrayList<>(tokens);
            without.remove(i);
            variants.add(without);
        }
        float[][] rows = ofTokens(variants);
        List<Telling> all = new ArrayList<>();
        for (int i = 0; i < explained; i++) {
            all.add(new Telling(tokens.get(i), (double) rows[0][label] - rows[i + 1][label]));
        }
        return all.stream()
                .filter(one -> one.weight() != 0)
                .sorted(Comparator.comparingDouble(one -> -Math.abs(one.weight())))
                .limit(most)
                .toList();
    }

    @Override
    public List<Telling> telling(List<String> texts, int label, int most) {
        var some = texts.stream()
                .limit(Math.max(AT_ONCE, MOST_TOLD / classes().size()))
                .map(reader::tokens)
                .sorted(Comparator.comparingInt(List::size))
                .toList();
        var gradients = IntegratedGradients.of(network);
        var sums = new double[reader.vocabulary().size()];
        for (int from = 0; from < some.size(); from += AT_ONCE) {
            try (var scope = Scope.open()) {
                var ids = reader.batch(some.subList(from, Math.min(some.size(), from + AT_ONCE)));
                double[] own = gradients.ofTokens(ids, label);
                Arrays.setAll(sums, i -> sums[i] + own[i]);
            }
        }
        return IntStream.range(reader.vocabulary().specials(), sums.length)
                .filter(i -> sums[i] > 0)
                .mapToObj(i -> new Telling(reader.vocabulary().itos(i), sums[i]))
                .sorted(Comparator.comparingDouble(one -> -one.weight()))
                .limit(most)
                .toList();
    }

    @Override
    public String engine() {
        return "libtorch " + Machine.libtorchVersion();
    }

    @Override
    public void close() {
        network.close();
        blas.close();
    }
}
