package espalier.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import espalier.format.DType;
import espalier.format.ModelDocument;
import espalier.format.RawTensor;
import espalier.tensor.Recording.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A trained network for texts as an ONNX graph: from tokens int64 {@code [N, T]}, padded at the end, to probabilities {@code [N,
 * K]}. It is written from the weights by their names, as a recording would hold the lengths of its own texts alone; here the graph
 * finds them by the padding.
 */
final class TextGraph {
    /** What stands behind a text's end is so much smaller than anything else. */
    private static final double FAR = 1e30;

    private final OnnxGraph graph = new OnnxGraph();
    private final ModelDocument document;
    private final Map<String, RawTensor> weights;
    private final String prefix; // of the network's weights
    private final String positions; // [N, T], from 1
    private final String lengths; // [N, 1]
    private final String behind; // [N, T]: 1 behind a text's end, else 0

    private TextGraph(ModelDocument document, Map<String, RawTensor> weights, long pad) {
        this.document = document;
        this.weights = weights;
        this.prefix = document.isNumeric() ? "network." : "";
        String differs = graph.op("Sub", OnnxExport.TOKENS, graph.scalar(DType.INT64, pad)); // [N, T]
        String words = cast(cast(differs, DataType.BOOL), DataType.FLOAT); // [N, T]
        String ones = graph.op("Add", graph.op("Mul", words, number(0)), number(1)); // [N, T]
        this.positions = graph.op("CumSum", ones, graph.scalar(DType.INT64, 1));
        String last = reduced("ReduceMax", graph.op("Mul", positions, words), 1, true); // [N, 1]
        this.lengths = graph.op("Max", last, number(1)); // an empty text is one padding
        this.behind = bounded(graph.op("Sub", positions, lengths));
    }

    /** @param pad the index of padding */
    static GraphProto of(ModelDocument document, Map<String, RawTensor> weights, long pad) {
        return new TextGraph(document, weights, pad).write();
    }

    private GraphProto write() {
        String name = document.architecture().name();
        String scores =
                switch (name) {
                    case "bag" -> predictor(mean(embedded("embedding.weight")));
                    case "cnn" -> predictor(convolutions(embedded("embedding.weight")));
                    case "lstm", "gru", "rnn" -> predictor(pooled(recurrent(embedded("embedding.weight"))));
                    case "awd-lstm" -> awd(embedded("0.module.encoder.weight"));
                    default ->
                        throw new IllegalArgumentException(
                                "there is no ONNX graph for the network " + name + ". Maybe train another.");
                };
        String answers =
                switch (document.activation()) {
                    case "softmax" ->
                        graph.node("Softmax", scores).number("axis", 1).add();
                    case "sigmoid" -> graph.op("Sigmoid", scores);
                    default -> document.isNumeric() ? rescaled(scores) : scores;
                };
        long classes = document.vocabulary().size();
        return graph.finish(
                OnnxExport.TOKENS,
                new Kind(DType.INT64, List.of(-1L, -1L)),
                answers,
                OnnxExport.OUTPUT,
                new Kind(DType.FLOAT32, List.of(-1L, classes)));
    }

    // ---- networks

    private String embedded(String table) {
        return graph.node("Gather", weight(table), OnnxExport.TOKENS)
                .number("axis", 0)
                .add(); // [N, T, D]
    }

    private String predictor(String features) {
        return linear(features, "predictor.weight", weight("predictor.bias")); // [N, K]
    }

    private String convolutions(String x) {
        String channels = transposed(x, 0, 2, 1); // [N, D, T]
        String far = graph.op("Mul", unsqueezed(behind, 1), number(FAR)); // [N, 1, T]
        List<String> largest = new ArrayList<>();
        for (int i = 0; has("encoder." + i + ".weight"); i++) {
            String name = "encoder." + i;
            long kernel = shape(name + ".weight")[2];
            String maps = graph.node("Conv", channels, weight(name + ".weight"), weight(name + ".bias"))
                    .ints("kernel_shape", kernel)
                    .ints("pads", kernel / 2, kernel - 1 - kernel / 2) // as many values as tokens
                    .add(); // [N, filters, T]
            largest.add(reduced("ReduceMax", graph.op("Sub", graph.op("Relu", maps), far), 2, false));
        }
        return concatenated(largest); // [N, F]
    }

    /** All layers. @shape {@code [N, T, D]} to {@code [N, T, F]} */
    private String recurrent(String x) {
        String steps = transposed(x, 1, 0, 2); // [T, N, D]
        for (int layer = 0; has("encoder.weight_ih_l" + layer); layer++) {
            List<Layer> directions = new ArrayList<>(List.of(Layer.named("encoder.", "_l" + layer)));
            if (bidirectional()) {
                directions.add(Layer.named("encoder.", "_l" + layer + "_reverse"));
            }
            steps = layer(steps, directions);
        }
        return transposed(steps, 1, 0, 2);
    }

    private boolean bidirectional() {
        return has("encoder.weight_ih_l0_reverse");
    }

    private String pooled(String states) {
        return switch (String.valueOf(document.architecture().options().get("pooling"))) {
            case "attention" -> attended(states);
            case "max" -> max(states);
            case "mean" -> mean(states);
            default -> bidirectional() ? ends(states) : last(states);
        };
    }

    /** The state of the first direction at the end, and that of the second at the beginning. */
    private String ends(String states) {
        long hidden = shape("encoder.weight_hh_l0")[1];
        String forward = sliced(states, 0, hidden);
        String reverse = sliced(states, hidden, 2 * hidden);
        return concatenated(List.of(last(forward), at(reverse, graph.op("Sub", positions, number(1)))));
    }

    private String attended(String states) {
        String scores = graph.op(
                "Add", graph.op("MatMul", states, turned("attention.weight")), weight("attention.bias")); // [N, T, 1]
        String shares = graph.node("Softmax", graph.op("Sub", scores, far()))
                .number("axis", 1)
                .add();
        return reduced("ReduceSum", graph.op("Mul", shares, states), 1, false); // [N, F]
    }

    /** ULMFiT's classifier: the last, the largest and the mean of the states, and a head of two layers. */
    private String awd(String x) {
        String steps = transposed(x, 1, 0, 2); // [T, N, E]
        for (int i = 0; has("0.module.rnns." + i + ".weight_hh_l0_raw"); i++) {
            String name = "0.module.rnns." + i;
            String own = name + ".module.";
            steps = layer(
                    steps,
                    List.of(new Layer(
                            own + "weight_ih_l0", name + ".weight_hh_l0_raw", own + "bias_ih_l0", own + "bias_hh_l0")));
        }
        String states = transposed(steps, 1, 0, 2); // [N, T, E]
        String features = concatenated(List.of(last(states), max(states), mean(states))); // [N, 3 * E]
        String inner = linear(normed(features, "1.layers.0.0."), "1.layers.0.2.weight", "");
        return linear(normed(graph.op("Relu", inner), "1.layers.1.0."), "1.layers.1.2.weight", "");
    }

    // ---- a recurrent layer

    /** The names of the weights of one direction. */
    private record Layer(String input, String state, String inputBias, String stateBias) {
        static Layer named(String prefix, String suffix) {
            return new Layer(
                    prefix + "weight_ih" + suffix,
                    prefix + "weight_hh" + suffix,
                    prefix + "bias_ih" + suffix,
                    prefix + "bias_hh" + suffix);
        }
    }

    /** @shape {@code [T, N, D]} to {@code [T, N, directions * H]}, with zeros behind each text's end */
    private String layer(String steps, List<Layer> directions) {
        long hidden = shape(directions.get(0).state)[1];
        long in = shape(directions.get(0).input)[1];
        int count = directions.size();
        int rows = Math.toIntExact(shape(directions.get(0).input)[0]);
        String name = document.architecture().name();
        String type = name.equals("gru") ? "GRU" : name.equals("rnn") ? "RNN" : "LSTM";
        List<String> w = directions.stream().map(Layer::input).toList();
        List<String> r = directions.stream().map(Layer::state).toList();
        List<String> b = directions.stream()
                .flatMap(one -> List.of(one.inputBias, one.stateBias).stream())
                .toList();
        String ends = cast(graph.op("Squeeze", lengths, graph.longs(1)), DataType.INT32); // [N]
        var node = graph.node(
                        type,
                        steps,
                        graph.floats(ordered(w, type), count, rows, in),
                        graph.floats(ordered(r, type), count, rows, hidden),
                        graph.floats(ordered(b, type), count, 2L * rows),
                        ends)
                .text("direction", count == 2 ? "bidirectional" : "forward")
                .number("hidden_size", hidden);
        if (type.equals("GRU")) {
            node.number("linear_before_reset", 1); // as in PyTorch, the reset gate acts behind the weights
        }
        String states = transposed(node.add(), 0, 2, 1, 3); // [T, N, directions, H]
        return graph.op("Reshape", states, graph.longs(0, 0, count * hidden));
    }

    /** The values of tensors one after the other, with the gates of each in ONNX's order. */
    private float[] ordered(List<String> names, String type) {
        int[] order = // PyTorch's i, f, g, o and r, z, n; ONNX's i, o, f, c and z, r, h
                switch (type) {
                    case "LSTM" -> new int[] {0, 3, 1, 2};
                    case "GRU" -> new int[] {1, 0, 2};
                    default -> new int[] {0};
                };
        int total = names.stream().mapToInt(name -> tensor(name).size()).sum();
        float[] all = new float[total];
        int at = 0;
        for (String name : names) {
            float[] values = tensor(name).floats();
            int gate = values.length / order.length;
            for (int from : order) {
                System.arraycopy(values, from * gate, all, at, gate);
                at += gate;
            }
        }
        return all;
    }

    // ---- from states to features

    private String last(String states) {
        return at(states, graph.op("Abs", graph.op("Sub", positions, lengths)));
    }

    /** The states where a distance is 0. @shape {@code [N, T, F]}, distance {@code [N, T]}, to {@code [N, F]} */
    private String at(String states, String distance) {
        String there = graph.op("Sub", number(1), bounded(distance)); // [N, T]
        return reduced("ReduceSum", graph.op("Mul", states, unsqueezed(there, 2)), 1, false);
    }

    private String max(String states) {
        return reduced("ReduceMax", graph.op("Sub", states, far()), 1, false); // [N, F]
    }

    /** What stands behind a text's end is zero. */
    private String mean(String states) {
        return graph.op("Div", reduced("ReduceSum", states, 1, false), lengths); // [N, F]
    }

    private String far() {
        return graph.op("Mul", unsqueezed(behind, 2), number(FAR)); // [N, T, 1]
    }

    /** From deviations from the mean to the unit of the data. */
    private String rescaled(String scores) {
        String mean = initialiser(of("output.mean"));
        return graph.op("Add", graph.op("Mul", scores, initialiser(of("output.std"))), mean); // [N, K]
    }

    // ---- operators

    private String linear(String x, String weight, String bias) {
        return graph.node(
                        "Gemm",
                        bias.isEmpty() ? new String[] {x, weight(weight)} : new String[] {x, weight(weight), bias})
                .number("transB", 1)
                .add();
    }

    private String normed(String x, String prefix) {
        return graph.node(
                        "BatchNormalization",
                        x,
                        weight(prefix + "weight"),
                        weight(prefix + "bias"),
                        weight(prefix + "running_mean"),
                        weight(prefix + "running_var"))
                .add(); // with the usual epsilon of 1e-5
    }

    private String number(double value) {
        return graph.scalar(DType.FLOAT32, value);
    }

    private String bounded(String x) {
        return graph.op("Clip", x, number(0), number(1));
    }

    private String cast(String x, DataType type) {
        return graph.node("Cast", x).number("to", type.getNumber()).add();
    }

    private String transposed(String x, long... order) {
        return graph.node("Transpose", x).ints("perm", order).add();
    }

    private String unsqueezed(String x, long dim) {
        return graph.op("Unsqueeze", x, graph.longs(dim));
    }

    private String sliced(String x, long from, long to) {
        return graph.op("Slice", x, graph.longs(from), graph.longs(to), graph.longs(2));
    }

    private String concatenated(List<String> features) {
        return graph.node("Concat", features.toArray(String[]::new))
                .number("axis", 1)
                .add();
    }

    private String reduced(String type, String x, long dim, boolean keep) {
        var node = type.equals("ReduceSum")
                ? graph.node(type, x, graph.longs(dim))
                : graph.node(type, x).ints("axes", dim);
        return node.number("keepdims", keep ? 1 : 0).add();
    }

    private String turned(String name) { // [1, F] to [F, 1]
        long[] shape = shape(name);
        return graph.floats(tensor(name).floats(), shape[1], shape[0]);
    }

    private String weight(String name) {
        return initialiser(tensor(name));
    }

    private String initialiser(RawTensor tensor) {
        return graph.floats(tensor.floats(), tensor.shape());
    }

    private boolean has(String name) {
        return weights.containsKey(prefix + name);
    }

    private long[] shape(String name) {
        return tensor(name).shape();
    }

    private RawTensor tensor(String name) {
        return of(prefix + name);
    }

    private RawTensor of(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }
}
