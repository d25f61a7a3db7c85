package espalier.nn;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import espalier.rng.Rng;
import espalier.tensor.Recurrent;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every layer against PyTorch: output, gradients of input and parameters, running statistics. */
@ExtendWith(NoLeaks.class)
class GoldenLayersTest {
    private static final double TOLERANCE = 2e-5;
    private static final List<String> FILES = List.of(
            "activations",
            "batch_norm1d",
            "batch_norm2d",
            "conv1d",
            "conv2d",
            "conv_transpose2d",
            "embedding",
            "flatten",
            "group_norm",
            "instance_norm2d",
            "layer_norm",
            "layer_norm2d",
            "linear",
            "lstm_cell",
            "module_dict",
            "module_list",
            "multihead_attention",
            "pools",
            "sequential",
            "upsample",
            "zero_pad2d");
    /** Of adaptive pools over sequences there is no layer: {@code mean} does it. */
    private static final List<String> OTHER = List.of("pools/adaptive_avg1d_1");

    static Stream<Arguments> cases() {
        return FILES.stream()
                .flatMap(file -> Golden.load("nn/" + file).cases().stream()
                        .filter(name -> !OTHER.contains(file + "/" + name))
                        .map(name -> Arguments.of(file, name)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void layer_equalsPyTorch(String file, String name) {
        var golden = Golden.load("nn/" + file);
        Module layer = build(file, name, golden.value("/cases/" + name));
        load(layer, golden, name + "/param/");
        compare(layer, golden, name, "y", "grad");
        if (golden.has(name + "/y_eval")) {
            var buffers = layer.buffers();
            for (String buffer : golden.names(name + "/after/")) {
                assertThat(buffers.get(buffer)).isCloseTo(golden.doubles(name + "/after/" + buffer), 1e-6);
            }
            layer.parameters().values().forEach(Tensor::clearGrad);
            layer.eval();
            compare(layer, golden, name, "y_eval", "grad_eval");
        }
    }

    private static void compare(Module layer, Golden golden, String name, String y, String grad) {
        boolean indices = golden.dtype(name + "/x").equals("int64");
        Tensor x = tensor(golden, name + "/x").requiresGrad(!indices);
        Tensor out = layer.forward(x);
        assertThat(out).hasShape(golden.shape(name + "/" + y)).isCloseTo(golden.doubles(name + "/" + y), TOLERANCE);
        if (golden.names(name + "/" + grad + "/").isEmpty()) {
            return;
        }
        out.mul(tensor(golden, name + "/g")).sum().backward();
        var parameters = layer.parameters();
        for (String leaf : golden.names(name + "/" + grad + "/")) {
            Tensor of = leaf.equals("x") ? x : parameters.get(leaf);
            assertThat(of.grad().orElseThrow()).isCloseTo(golden.doubles(name + "/" + grad + "/" + leaf), TOLERANCE);
        }
    }

    static Stream<Arguments> recurrentCases() {
        return Stream.of("rnn", "lstm", "gru")
                .flatMap(file -> Golden.load("nn/" + file).cases().stream().map(name -> Arguments.of(file, name)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("recurrentCases")
    void recurrentLayer_equalsPyTorch(String file, String name) {
        var golden = Golden.load("nn/" + file);
        JsonNode options = golden.value("/cases/" + name);
        RecurrentLayer layer = recurrent(file, options);
        load(layer, golden, name + "/param/");
        boolean batchFirst = options.get("batch_first").asBoolean();
        Tensor x = tensor(golden, name + "/x").requiresGrad(true);
        Tensor input = batchFirst ? x : x.transpose(0, 1);
        Recurrent.Output out = run(layer, input, golden, name, options);
        Tensor y = batchFirst ? out.output() : out.output().transpose(0, 1);
        assertThat(y).isCloseTo(golden.doubles(name + "/y"), TOLERANCE);
        assertThat(out.hidden()).isCloseTo(golden.doubles(name + "/h_n"), TOLERANCE);
        Tensor loss = y.mul(tensor(golden, name + "/g")).sum();
        loss = loss.add(out.hidden().mul(tensor(golden, name + "/g_h_n")).sum());
        if (out.cell().isPresent()) {
            assertThat(out.cell().get()).isCloseTo(golden.doubles(name + "/c_n"), TOLERANCE);
            loss = loss.add(
                    out.cell().get().mul(tensor(golden, name + "/g_c_n")).sum());
        }
        loss.backward();
        var parameters = layer.parameters();
        for (String leaf : golden.names(name + "/grad/")) {
            Tensor of = leaf.equals("x") ? x : parameters.get(leaf);
            assertThat(of.grad().orElseThrow()).isCloseTo(golden.doubles(name + "/grad/" + leaf), TOLERANCE);
        }
    }

    private static Recurrent.Output run(RecurrentLayer layer, Tensor x, Golden golden, String name, JsonNode options) {
        if (options.has("lengths")) {
            return layer.runPacked(x, Tensor.of(golden.longsAt("/cases/" + name + "/lengths"), x.size(0)));
        }
        if (!golden.has(name + "/h_0")) {
            return layer.run(x);
        }
        var states = new ArrayList<Tensor>();
        states.add(tensor(golden, name + "/h_0"));
        if (golden.has(name + "/c_0")) {
            states.add(tensor(golden, name + "/c_0"));
        }
        return layer.run(x, states);
    }

    private static RecurrentLayer recurrent(String file, JsonNode o) {
        int in = o.get("input").asInt();
        int hidden = o.get("hidden").asInt();
        int layers = o.get("num_layers").asInt();
        boolean both = o.get("bidirectional").asBoolean();
        boolean bias = o.get("bias").asBoolean();
        return switch (file) {
            case "rnn" -> {
                var rnn = Rnn.of(in, hidden).layers(layers);
                rnn = both ? rnn.bidirectional() : rnn;
                rnn = o.has("nonlinearity") ? rnn.relu() : rnn;
                yield bias ? rnn : rnn.noBias();
            }
            case "lstm" -> {
                var lstm = Lstm.of(in, hidden).layers(layers);
                lstm = both ? lstm.bidirectional() : lstm;
                yield bias ? lstm : lstm.noBias();
            }
            default -> {
                var gru = Gru.of(in, hidden).layers(layers);
                gru = both ? gru.bidirectional() : gru;
                yield bias ? gru : gru.noBias();
            }
        };
    }

    private static Module build(String file, String name, JsonNode o) {
        return switch (file) {
            case "activations" -> activation(name, o);
            case "batch_norm1d" -> {
                var norm = BatchNorm1d.of(o.get("features").asInt())
                        .eps(o.get("eps").asDouble())
                        .momentum(o.get("momentum").asDouble());
                yield o.get("affine").asBoolean() ? norm : norm.noAffine();
            }
            case "batch_norm2d" -> {
                var norm = BatchNorm2d.of(o.get("features").asInt())
                        .eps(o.get("eps").asDouble())
                        .momentum(o.get("momentum").asDouble());
                yield o.get("affine").asBoolean() ? norm : norm.noAffine();
            }
            case "conv1d" -> conv1d(o);
            case "conv2d" -> conv2d(o);
            case "embedding" -> {
                var table = Embedding.of(o.get("num").asInt(), o.get("dim").asInt());
                yield o.has("padding_idx")
                        ? table.paddingIndex(o.get("padding_idx").asInt())
                        : table;
            }
            case "flatten" ->
                Flatten.of().dims(o.get("start").asInt(), o.get("end").asInt());
            case "group_norm" ->
                GroupNorm.of(o.get("groups").asInt(), o.get("channels").asInt());
            case "layer_norm" -> {
                var norm = LayerNorm.of(Golden.longs(o.get("shape")))
                        .eps(o.get("eps").asDouble());
                yield o.get("affine").asBoolean() ? norm : norm.noAffine();
            }
            case "linear" -> {
                var linear = Linear.of(o.get("in").asInt(), o.get("out").asInt());
                yield o.get("bias").asBoolean() ? linear : linear.noBias();
            }
            case "pools" -> pool(o);
            case "sequential" ->
                Sequential.of(
                        Conv2d.of(1, 2, 3).padding(1).noBias(),
                        BatchNorm2d.of(2),
                        ReLU.of().inPlace(),
                        AdaptiveAvgPool2d.of(1),
                        Flatten.of(),
                        Linear.of(2, 3));
            default -> more(file, name, o);
        };
    }

    private static Module more(String file, String name, JsonNode o) {
        return switch (file) {
            case "conv_transpose2d" -> convTranspose2d(o);
            case "instance_norm2d" -> {
                var norm = InstanceNorm2d.of(o.get("channels").asInt())
                        .eps(o.get("eps").asDouble());
                yield o.get("affine").asBoolean() ? norm.affine() : norm;
            }
            case "layer_norm2d" ->
                LayerNorm2d.of(o.get("channels").asInt()).eps(o.get("eps").asDouble());
            case "lstm_cell" ->
                new TwoSteps(LstmCell.of(o.get("input").asInt(), o.get("hidden").asInt()));
            case "multihead_attention" ->
                new SelfAttention(
                        MultiheadAttention.of(
                                o.get("dim").asInt(), o.get("heads").asInt()),
                        o.get("causal").asBoolean());
            case "module_dict" -> new Branches(ModuleDict.of(named(Linear.of(3, 2), ReLU.of(), Linear.of(3, 2))));
            case "module_list" -> new Steps(ModuleList.of(Linear.of(3, 4), Linear.of(4, 2)));
            case "zero_pad2d" -> {
                long[] sides = Golden.longs(o.get("sides"));
                yield ZeroPad2d.of((int) sides[0], (int) sides[1], (int) sides[2], (int) sides[3]);
            }
            case "upsample" -> {
                var upsample = Upsample.of(o.get("factor").asInt());
                yield name.equals("bilinear")
                        ? upsample.bilinear()
                        : name.equals("bicubic") ? upsample.bicubic() : upsample;
            }
            default -> throw new IllegalArgumentException(file);
        };
    }

    /** A module under its child's names. */
    private abstract static class Under extends Module {
        Under(Module layer) {
            layer.ownParameters().forEach(this::parameter);
            layer.children().forEach(this::child);
        }
    }

    private static Map<String, Module> named(Module left, Module between, Module right) {
        var named = new LinkedHashMap<String, Module>();
        named.put("left", left);
        named.put("between", between);
        named.put("right", right);
        return named;
    }

    /** Two ways, one of them through a ReLU, added. */
    private static final class Branches extends Module {
        private final ModuleDict parts;

        Branches(ModuleDict parts) {
            this.parts = child("parts", parts);
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor left = parts.get("between").forward(parts.get("left").forward(x));
            return left.add(parts.get("right").forward(x)); // [N, 2]
        }
    }

    /** One after the other, each but the last with a hyperbolic tangent. */
    private static final class Steps extends Module {
        private final ModuleList steps;

        Steps(ModuleList steps) {
            this.steps = child("steps", steps);
        }

        @Override
        public Tensor forward(Tensor x) {
            return steps.get(1).forward(steps.get(0).forward(x).tanh()); // [N, 2]
        }
    }

    /** Both states, side by side, after two steps over the halves of the input. */
    private static final class TwoSteps extends Under {
        private final LstmCell cell;

        TwoSteps(LstmCell cell) {
            super(cell);
            this.cell = cell;
        }

        @Override
        public Tensor forward(Tensor x) {
            var halves = x.chunk(2, 1);
            Tensor zero = Tensor.zeros(x.size(0), 2);
            var first = cell.step(halves.get(0), new LstmCell.State(zero, zero));
            var second = cell.step(halves.get(1), first);
            return Tensor.cat(List.of(second.hidden(), second.cell()), 1);
        }
    }

    /** Self-attention that may be causal. */
    private static final class SelfAttention extends Under {
        private final MultiheadAttention attention;
        private final boolean causal;

        SelfAttention(MultiheadAttention attention, boolean causal) {
            super(attention);
            this.attention = attention;
            this.causal = causal;
        }

        @Override
        public Tensor forward(Tensor x) {
            if (!causal) {
                return attention.forward(x);
            }
            Tensor later = Tensor.ones(x.size(1), x.size(1)).triu(1).gt(0); // [T, T]
            return attention.attend(x, x, x, Optional.of(later));
        }
    }

    private static Module convTranspose2d(JsonNode o) {
        var conv = ConvTranspose2d.of(
                        o.get("in").asInt(),
                        o.get("out").asInt(),
                        o.get("kernel").asInt())
                .stride(o.get("stride").asInt())
                .padding(o.get("padding").asInt())
                .outputPadding(o.get("output_padding").asInt())
                .dilation(o.get("dilation").asInt())
                .groups(o.get("groups").asInt());
        return o.get("bias").asBoolean() ? conv : conv.noBias();
    }

    private static Module activation(String name, JsonNode o) {
        return switch (name) {
            case "relu" -> ReLU.of();
            case "relu6" -> ReLU6.of();
            case "leaky_relu" -> LeakyReLU.of();
            case "leaky_relu_0.2" -> LeakyReLU.of().slope(0.2);
            case "silu" -> SiLU.of();
            case "hardswish" -> Hardswish.of();
            case "hardsigmoid" -> Hardsigmoid.of();
            case "gelu" -> GELU.of();
            case "gelu_tanh" -> GELU.of().tanh();
            case "sigmoid" -> Sigmoid.of();
            case "tanh" -> Tanh.of();
            case "elu" -> ELU.of().alpha(o.get("alpha").asDouble());
            case "mish" -> Mish.of();
            case "softmax", "softmax_dim0" -> Softmax.of(o.get("dim").asInt());
            case "log_softmax" -> LogSoftmax.of(o.get("dim").asInt());
            case "softplus" -> Softplus.of();
            case "log_sigmoid" -> LogSigmoid.of();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Module conv1d(JsonNode o) {
        var conv = Conv1d.of(
                        o.get("in").asInt(),
                        o.get("out").asInt(),
                        o.get("kernel").asInt())
                .stride(o.get("stride").asInt())
                .padding(o.get("padding").asInt())
                .dilation(o.get("dilation").asInt())
                .groups(o.get("groups").asInt());
        return o.get("bias").asBoolean() ? conv : conv.noBias();
    }

    private static Module conv2d(JsonNode o) {
        var conv = Conv2d.of(o.get("in").asInt(), o.get("out").asInt(), 1)
                .kernel(at(o, "kernel", 0), at(o, "kernel", 1))
                .stride(at(o, "stride", 0), at(o, "stride", 1))
                .dilation(at(o, "dilation", 0))
                .groups(o.get("groups").asInt());
        conv = o.get("padding").isString()
                ? conv.samePadding()
                : conv.padding(at(o, "padding", 0), at(o, "padding", 1));
        return o.get("bias").asBoolean() ? conv : conv.noBias();
    }

    private static Module pool(JsonNode o) {
        int kernel = o.has("kernel") ? o.get("kernel").asInt() : 0;
        return switch (o.get("kind").asString()) {
            case "max" -> {
                var pool = MaxPool2d.of(kernel)
                        .stride(o.get("stride").asInt())
                        .padding(o.get("padding").asInt());
                yield o.has("ceil") ? pool.ceil() : pool;
            }
            case "avg" -> {
                var pool = AvgPool2d.of(kernel)
                        .stride(o.get("stride").asInt())
                        .padding(o.get("padding").asInt());
                boolean ignore = o.has("count_include_pad")
                        && !o.get("count_include_pad").asBoolean();
                yield ignore ? pool.ignorePadding() : pool;
            }
            case "max1d" -> MaxPool1d.of(kernel);
            case "adaptive_avg" -> AdaptiveAvgPool2d.of(at(o, "size", 0), at(o, "size", 1));
            case "adaptive_max" -> AdaptiveMaxPool2d.of(at(o, "size", 0), at(o, "size", 1));
            case "adaptive_concat" -> AdaptiveConcatPool2d.of(at(o, "size", 0), at(o, "size", 1));
            default -> throw new IllegalArgumentException(o.toString());
        };
    }

    private static int at(JsonNode o, String name, int index) {
        return o.get(name).get(index).asInt();
    }

    private static Tensor tensor(Golden golden, String name) {
        return golden.dtype(name).equals("int64")
                ? Tensor.of(golden.longs(name), golden.shape(name))
                : Tensor.of(golden.floats(name), golden.shape(name));
    }

    private static void load(Module layer, Golden golden, String prefix) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        golden.names(prefix).forEach(name -> state.put(name, tensor(golden, prefix + name)));
        layer.loadStateDict(state);
        assertThat(List.copyOf(layer.stateDict().keySet())).isEqualTo(golden.names(prefix));
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 8, 8", "3, 2, 7, 10", "5, 2, 10, 9", "5, 2, 8, 8", "2, 1, 6, 6", "3, 1, 6, 5", "2, 3, 10, 11"})
    void mirroredConvolution_ofTheMirroredPicture_isTheMirrorImage(int kernel, int stride, int height, int width) {
        var plain = Conv2d.of(2, 4, kernel).stride(stride).samePadding();
        Tensor x = Tensor.randn(Rng.of(1), 2, 2, height, width);
        Tensor expected = plain.forward(x).detach();
        assertThat(plain.mirrored().forward(x.flip(2, 3)).flip(2, 3)).isCloseTo(expected, 1e-5);
    }

    @Test
    void dimensionOfChannelsLast_isKeptByConvolutionsWithSamePadding() {
        var conv = Conv2d.of(4, 8, 3).stride(2).samePadding();
        conv.channelsLast();
        Tensor x = Tensor.ones(2, 4, 8, 8).channelsLast();
        Tensor y = conv.forward(x);
        assertThat(y.channelsLast()).isSameAs(y);
        assertThat(Optional.of(y.shape().size(2))).contains(4L);
    }
}
