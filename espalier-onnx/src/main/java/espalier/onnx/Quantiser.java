package espalier.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites a float32 graph so that runtimes compute it in int8: each value that a quantised layer takes or gives passes
 * QuantizeLinear and DequantizeLinear, which runtimes fuse with the layers between. Values are uint8 with a step and a zero
 * each; weights int8 with a step for each output channel, without a zero; biases int32 with the product of both steps. The
 * last layer stays float. The first convolution does too, unless what it sees are a picture's bytes less a mean: then it takes
 * the bytes as they are. Its border is then the mean of all channels, which are some levels apart in ImageNet's statistics.
 *
 * @paper Jacob et al., 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 *     Inference", https://arxiv.org/abs/1712.05877, section 2; weights differ: a step for each channel (Krishnamoorthi,
 *     2018, https://arxiv.org/abs/1806.08342)
 */
final class Quantiser {
    private static final Set<String> WEIGHTED = Set.of("Conv", "Gemm");
    private static final Set<String> PLAIN =
            Set.of("Add", "AveragePool", "Concat", "GlobalAveragePool", "LeakyRelu", "MaxPool", "Mul", "Sigmoid");
    /** Done by rounding, which keeps to the range of what these give. */
    private static final Set<String> ABSORBED = Set.of("Clip", "Relu");

    private static final int LEVELS = 255;
    private static final int MOST_WEIGHT = 127;
    private static final float LEAST_STEP = 1e-12f;
    private static final float MOST_BIAS = 1 << 30;

    private final ModelProto model;
    private final GraphProto graph;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, List<NodeProto>> consumers = new HashMap<>();
    private final Set<NodeProto> layers = new HashSet<>();
    private final Set<String> values = new LinkedHashSet<>();
    /** The activations that rounding stands for, with what they were given. */
    private final Map<String, String> absorbed = new HashMap<>();

    private final Map<String, Step> steps = new HashMap<>();
    private final Optional<PictureBytes> picture;

    private final GraphProto.Builder written = GraphProto.newBuilder();
    private final Map<String, TensorProto> added = new LinkedHashMap<>();

    /** How numbers of one value are rounded: {@code real = scale * (whole - zero)}. */
    private record Step(float scale, int zero) {
        static Step of(float[] range) {
            float scale = Math.max((range[1] - range[0]) / LEVELS, LEAST_STEP);
            return new Step(scale, Math.max(0, Math.min(LEVELS, Math.round(-range[0] / scale))));
        }
    }

    private Quantiser(ModelProto model) {
        this.model = model;
        this.graph = model.getGraph();
        graph.getInitializerList().forEach(one -> constants.put(one.getName(), one));
        graph.getNodeList()
                .forEach(node -> node.getInputList()
                        .forEach(name -> consumers
                                .computeIfAbsent(name, unused -> new ArrayList<>())
                                .add(node)));
        picture = weighted().stream()
                .findFirst()
                .filter(this::isWritable)
                .flatMap(layer -> PictureBytes.of(graph, layer));
        choose();
    }

    /**
     * Looks at a model.
     *
     * @throws IllegalArgumentException when it has nothing that gains by it
     */
    static Quantiser of(byte[] onnx) {
        try {
            var quantiser = new Quantiser(ModelProto.parseFrom(onnx));
            if (quantiser.layers.isEmpty()) {
                throw new IllegalArgumentException("it has no convolutions between its first layer and its last,"
                        + " and only these gain by int8. Maybe float32 is fast enough.");
            }
            return quantiser;
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private void choose() {
        var weighted = weighted();
        layers.addAll(weighted.subList(Math.min(1, weighted.size()), Math.max(1, weighted.size() - 1)));
        layers.removeIf(node -> !isWritable(node));
        if (layers.isEmpty()) {
            return;
        }
        picture.ifPresent(found -> layers.add(found.layer()));
        var after = new HashSet<String>(); // what is computed of quantised values
        for (var node : graph.getNodeList()) {
            boolean follows =
                    layers.contains(node) || node.getInputList().stream().anyMatch(after::contains);
            boolean takesValues = node.getInputList().stream().noneMatch(this::isConstant);
            if (PLAIN.contains(node.getOpType()) && follows && takesValues) {
                layers.add(node);
            }
            boolean goesOn =
                    layers.contains(node) || (ABSORBED.contains(node.getOpType()) && after.contains(node.getInput(0)));
            if (goesOn) {
                after.add(node.getOutput(0));
            }
        }
        for (var node : graph.getNodeList()) {
            if (layers.contains(node)) {
                node.getInputList().stream()
                        .filter(name -> !isConstant(name) && !name.isEmpty() && !isPicture(name))
                        .forEach(values::add);
                values.add(result(node));
            }
        }
    }

    private List<NodeProto> weighted() {
        return graph.getNodeList().stream()
                .filter(node -> WEIGHTED.contains(node.getOpType()) && isConstant(node.getInput(1)))
                .toList();
    }

    /** Whether this is what the first convolution would take, and takes the bytes for. */
    private boolean isPicture(String value) {
        return picture.filter(found -> found.shifted().equals(value)).isPresent();
    }

    private TensorProto constantOf(String name) {
        return Objects.requireNonNull(constants.get(name), name);
    }

    private Step step(String value) {
        return Objects.requireNonNull(steps.get(value), value);
    }

    private boolean isConstant(String name) {
        return constants.containsKey(name);
    }

    /** Weights and biases are float constants, as wide as the attributes say. */
    private boolean isWritable(NodeProto node) {
        return node.getInputList().stream()
                        .skip(1)
                        .allMatch(name -> isConstant(name) && constantOf(name).getDataType() == DataType.FLOAT_VALUE)
                && (node.getOpType().equals("Conv") || Nodes.number(node, "transB") == 1);
    }

    /** What a layer gives, after the activation that rounding stands for. */
    private String result(NodeProto node) {
        String output = node.getOutput(0);
        var next = consumers.getOrDefault(output, List.of());
        if (next.size() == 1 && ABSORBED.contains(next.get(0).getOpType())) {
            absorbed.put(next.get(0).getOutput(0), output);
            return next.get(0).getOutput(0);
        }
        return output;
    }

    /** The names of the values whose ranges are needed. */
    List<String> values() {
        return List.copyOf(values);
    }

    /** How many layers with weights are quantised. */
    int weightedLayers() {
        return (int) layers.stream()
                .filter(node -> WEIGHTED.contains(node.getOpType()))
                .count();
    }

    /**
     * Writes the quantised model.
     *
     * @param ranges the smallest and largest number of each of {@link #values}, with 0 between them
     */
    ModelProto write(Map<String, float[]> ranges) {
        for (String value : values) {
            steps.put(value, Step.of(Objects.requireNonNull(ranges.get(value), value)));
        }
        graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("MaxPool") && layers.contains(node)) // gives what it takes
                .forEach(node -> steps.put(result(node), step(node.getInput(0))));
        graph.getInputList().stream()
                .map(input -> input.getName())
                .filter(values::contains)
                .forEach(name -> round(name, name));
        for (var node : graph.getNodeList()) {
            String output = node.getOutput(0);
            boolean leftOut = absorbed.containsKey(output)
                    || picture.filter(found -> found.leavesOut(output)).isPresent();
            if (!leftOut) {
                written.addNode(rewritten(node));
            }
            picture.filter(found -> found.bytes().equals(output)).ifPresent(this::enter);
            if (values.contains(output)) {
                round(output, absorbed.getOrDefault(output, output));
            }
        }
        var used = new HashSet<String>();
        written.getNodeList().forEach(node -> used.addAll(node.getInputList()));
        var result = written.setName(graph.getName())
                .addAllInput(graph.getInputList())
                .addAllOutput(graph.getOutputList());
        graph.getInitializerList().stream()
                .filter(one -> used.contains(one.getName()))
                .forEach(result::addInitializer);
        added.values().forEach(result::addInitializer);
        return model.toBuilder().setGraph(result).build();
    }

    private NodeProto rewritten(NodeProto node) {
        var inputs = new ArrayList<String>();
        for (String input : node.getInputList()) {
            inputs.add(values.contains(input) || isPicture(input) ? rounded(input) : input);
        }
        if (layers.contains(node) && WEIGHTED.contains(node.getOpType())) {
            float scale = step(node.getInput(0)).scale();
            float[] bias = picture.filter(found -> found.layer().equals(node))
                    .map(PictureBytes::bias)
                    .orElseGet(() -> node.getInputCount() > 2 ? floats(node.getInput(2)) : new float[0]);
            String stem = node.getName();
            float[] scales = weights(stem, constantOf(node.getInput(1)), bias, scale);
            inputs.set(1, stem + "_weight");
            if (bias.length > 0) {
                bias(stem, bias, scales, scale);
                inputs.subList(2, inputs.size()).clear();
                inputs.add(stem + "_bias");
            }
        }
        return node.toBuilder().clearInput().addAllInput(inputs).build();
    }

    /** A byte's level is its step. */
    private void enter(PictureBytes found) {
        String value = found.shifted();
        steps.put(value, new Step(1, found.zero()));
        written.addNode(node("DequantizeLinear", rounded(value), found.bytes(), scale(value), zero(value)));
    }

    private static String rounded(String value) {
        return value + "_rounded";
    }

    /** Enters the two nodes by which a value is rounded. */
    private void round(String value, String source) {
        String scale = scale(value);
        String zero = zero(value);
        String whole = value + "_whole";
        written.addNode(node("QuantizeLinear", whole, source, scale, zero));
        written.addNode(node("DequantizeLinear", rounded(value), whole, scale, zero));
    }

    private String scale(String value) {
        return constant(value + "_scale", DataType.FLOAT, List.of(), floats(new float[] {
            step(value).scale()
        }));
    }

    private String zero(String value) {
        return constant(value + "_zero", DataType.UINT8, List.of(), ByteString.copyFrom(new byte[] {
            (byte) step(value).zero()
        }));
    }

    /** Enters a layer's weights; returns the step of each output channel. */
    private float[] weights(String stem, TensorProto tensor, float[] bias, float inputScale) {
        float[] values = floats(tensor.getName());
        int channels = (int) tensor.getDims(0);
        int size = values.length / channels;
        float[] scales = new float[channels];
        byte[] whole = new byte[values.length];
        for (int c = 0; c < channels; c++) {
            float largest = 0;
            for (int i = c * size; i < (c + 1) * size; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float least = bias.length > 0 ? Math.abs(bias[c]) / inputScale / MOST_BIAS : 0; // int32 must hold it
            scales[c] = Math.max(largest / MOST_WEIGHT, Math.max(least, LEAST_STEP));
            for (int i = c * size; i < (c + 1) * size; i++) {
                whole[i] = (byte) Math.round(values[i] / scales[c]);
            }
        }
        channelwise(stem + "_weight", DataType.INT8, tensor.getDimsList(), ByteString.copyFrom(whole), scales);
        return scales;
    }

    private void bias(String stem, float[] bias, float[] scales, float inputScale) {
        var whole = ByteBuffer.allocate(4 * bias.length).order(ByteOrder.LITTLE_ENDIAN);
        float[] products = new float[bias.length];
        for (int c = 0; c < bias.length; c++) {
            products[c] = Math.max(scales[c] * inputScale, Float.MIN_NORMAL);
            whole.putInt(Math.round(bias[c] / products[c]));
        }
        channelwise(
                stem + "_bias",
                DataType.INT32,
                List.of((long) bias.length),
                ByteString.copyFrom(whole.flip()),
                products);
    }

    private void channelwise(String name, DataType type, List<Long> dims, ByteString data, float[] scales) {
        String whole = constant(name + "_whole", type, dims, data);
        String scale = constant(name + "_scale", DataType.FLOAT, List.of((long) scales.length), floats(scales));
        written.addNode(node("DequantizeLinear", name, whole, scale).toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(0)));
    }

    private static NodeProto node(String type, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private String constant(String name, DataType type, List<Long> dims, ByteString data) {
        added.put(
                name,
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(type.getNumber())
                        .addAllDims(dims)
                        .setRawData(data)
                        .build());
        return name;
    }

    private float[] floats(String constant) {
        return Nodes.floats(constantOf(constant));
    }

    private static ByteString floats(float[] values) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }
}
