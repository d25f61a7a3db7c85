package espalier.text;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelDocument;
import espalier.loss.Losses;
import espalier.nn.Module;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Recurrent.Cell;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import espalier.text.TextArchitecture.Bag;
import espalier.text.TextArchitecture.Convolutional;
import espalier.text.TextArchitecture.Pooling;
import espalier.text.TextArchitecture.Recurrent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks for texts against PyTorch, see {@code tools/golden/make_text_networks.py}. */
@ExtendWith(NoLeaks.class)
class TextNetworkTest {
    private static final Golden GOLDEN = Golden.load("text/networks");
    private static final int VOCABULARY = 12;
    private static final int PAD = 1;
    private static final int CLASSES = 3;
    private static final double TOLERANCE = 2e-5;

    private static TextArchitecture architecture(String name) {
        var lstm = Recurrent.of(Cell.LSTM).hidden(4);
        return TextArchitecture.of(
                        switch (name) {
                            case "lstm_last" -> lstm;
                            case "lstm_attention" -> lstm.pooling(Pooling.ATTENTION);
                            case "lstm_both" -> lstm.layers(2).bothDirections();
                            case "gru_max" ->
                                Recurrent.of(Cell.GRU)
                                        .hidden(4)
                                        .bothDirections()
                                        .pooling(Pooling.MAX);
                            case "rnn_mean" -> Recurrent.of(Cell.RNN).hidden(4).pooling(Pooling.MEAN);
                            case "cnn" -> new Convolutional(3, List.of(2, 3));
                            default -> new Bag();
                        })
                .embedding(5);
    }

    private static Tensor tensor(String name) {
        return GOLDEN.dtype(name).equals("int64")
                ? Tensor.of(GOLDEN.longs(name), GOLDEN.shape(name))
                : Tensor.of(GOLDEN.floats(name), GOLDEN.shape(name));
    }

    private static Module network(String name) {
        var network = architecture(name).network(VOCABULARY, PAD, CLASSES);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        GOLDEN.names(name + "/param/").forEach(key -> weights.put(key, tensor(name + "/param/" + key)));
        network.loadStateDict(weights);
        return network;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm_last", "lstm_attention", "lstm_both", "gru_max", "rnn_mean", "cnn", "bag"})
    void network_andOneStepOfAdam_equalPyTorch(String name) {
        try (var network = network(name);
                var optimizer = Optimizers.adam()
                        .beta2(0.999)
                        .eps(1e-8)
                        .weightDecay(0)
                        .create(List.of(ParameterGroup.of(
                                        List.copyOf(network.parameters().values()))
                                .lr(0.05)))) {
            assertThat(network.parameterCount()).isEqualTo(architecture(name).weights(VOCABULARY, CLASSES));
            Tensor scores = network.forward(tensor("x"));
            assertThat(scores).hasShape(5, CLASSES).isCloseTo(GOLDEN.doubles(name + "/y"), TOLERANCE);
            Tensor loss = Losses.crossEntropy().loss(scores, tensor("target"));
            assertThat(loss.item()).isCloseTo(GOLDEN.doubles(name + "/loss")[0], within(TOLERANCE));
            loss.backward();
            optimizer.step();
            optimizer.zeroGrad();
            assertThat(network.forward(tensor("x"))).isCloseTo(GOLDEN.doubles(name + "/after"), TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm_last", "lstm_attention", "lstm_both", "gru_max", "rnn_mean", "cnn", "bag"})
    void padding_changesNothing(String name) {
        try (var network = network(name);
                var off = Grad.off()) {
            var text = Tensor.of(new long[] {4, 7, 2, 9}, 1, 4);
            var padded = Tensor.of(new long[] {4, 7, 2, 9, PAD, PAD, PAD, PAD, PAD}, 1, 9);
            double[] alone = network.forward(text).toDoubleArray();
            assertThat(network.forward(padded)).isCloseTo(alone, 1e-6);
            assertThat(alone)
                    .containsExactly(java.util.Arrays.copyOf(GOLDEN.doubles(name + "/y"), 3), within(TOLERANCE));
        }
    }

    @Test
    void dropout_isForTrainingAlone() {
        var architecture = TextArchitecture.gru().embedding(6).dropout(0.5);
        try (var network = architecture.network(VOCABULARY, PAD, CLASSES).reset(Rng.of(1));
                var off = Grad.off()) {
            network.seed(Rng.of(1));
            var first = network.forward(tensor("x")).toFloatArray();
            network.seed(Rng.of(2));
            assertThat(network.forward(tensor("x")).toFloatArray()).isNotEqualTo(first);
            network.seed(Rng.of(1));
            assertThat(network.forward(tensor("x")).toFloatArray()).isEqualTo(first);
            network.eval();
            var judged = network.forward(tensor("x")).toFloatArray();
            assertThat(network.forward(tensor("x")).toFloatArray()).isEqualTo(judged);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm_last", "lstm_attention", "lstm_both", "gru_max", "rnn_mean", "cnn", "bag"})
    void modelFile_tellsTheWholeArchitecture(String name) {
        var architecture = architecture(name).dropout(0.25);
        var stored = new ModelDocument.Architecture(architecture.name(), architecture.toMap());
        assertThat(TextArchitecture.from(stored)).isEqualTo(architecture);
    }

    @Test
    void architectures_refuseWhatCannotBe() {
        assertThatThrownBy(() -> TextArchitecture.named("bert"))
                .hasMessageContaining("only awd-lstm, bag, cnn, gru, lstm, rnn");
        assertThatThrownBy(() -> TextArchitecture.lstm().embedding(0))
                .hasMessageContaining("from 1 to 65536, but got 0");
        assertThatThrownBy(() -> TextArchitecture.lstm().dropout(1)).hasMessageContaining("[0, 1)");
        assertThatThrownBy(() -> Recurrent.of(Cell.LSTM).layers(65)).hasMessageContaining("from 1 to 64");
        var stored = new ModelDocument.Architecture("lstm", Map.of("embedding", 5));
        assertThatThrownBy(() -> TextArchitecture.from(stored)).isInstanceOf(IllegalArgumentException.class);
    }
}
