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
import java.nio.FloatBuffer;
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
    private final Optional<Door> door;

    private final GraphProto.Builder written = GraphProto.newBuilder();
    private final Map<String, TensorProto> added = new LinkedHashMap<>();

    /** How numbers of one value are rounded: {@code real = scale * (whole - zero)}. */
    private record Step(float scale, int zero) {
        static Step of(float[] range) {
            float scale = Math.max((range[1] - range[0]) / LEVELS, LEAST_STEP);
            return new Step(scale, Math.max(0, Math.min(LEVELS, Math.round(-range[0] / scale))));
        }
    }

    /**
     * How a picture comes in.
     *
     * @param bytes the value that is uint8
     * @param cast makes it float
     * @param shift subtracts the mean of each channel
     * @param layer the convolution of that
     */
    private record Door(String bytes, NodeProto cast, NodeProto shift, NodeProto layer) {
        /** What the convolution takes. */
        String value() {
            return shift.getOutput(0);
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
        door = weighted().stream().findFirst().filter(this::isWritable).flatMap(this::door);
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
        door.ifPresent(found -> layers.add(found.layer()));
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
                        .filter(name -> !isConstant(name) && !name.isEmpty() && !isDoors(name))
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

    /** The way from bytes to a convolution that begins with them, if it does. */
    private Optional<Door> door(NodeProto layer) {
        return before(layer, "Sub")
                .filter(shift -> isConstant(shift.getInput(1))
                        && constantOf(shift.getInput(1)).getDimsList().equals(List.of(1L, channels(layer), 1L, 1L))
                        && number(layer, "group") <= 1)
                .flatMap(shift -> before(shift, "Cast")
                        .flatMap(cast -> before(cast, "Transpose")
                                .filter(turn -> isPicture(turn.getInput(0)))
                                .map(turn -> new Door(turn.getOutput(0), cast, shift, layer))));
    }

    /** What a node takes first, where that is of a kind and for it alone. */
    private Optional<NodeProto> before(NodeProto node, String type) {
        String input = node.getInput(0);
        return graph.getNodeList().stream()
                .filter(other ->
                        other.getOutput(0).equals(input) && other.getOpType().equals(type))
                .filter(other -> consumers.getOrDefault(input, List.of()).size() == 1)
                .findFirst();
    }

    private boolean isPicture(String name) {
        return graph.getInputList().stream()
                .anyMatch(input -> input.getName().equals(name)
                        && input.getType().getTensorType().getElemType() == DataType.UINT8_VALUE);
    }

    private long channels(NodeProto layer) {
        return constantOf(layer.getInput(1)).getDims(1);
    }

    private boolean isDoors(String value) {
        return door.filter(found -> found.value().equals(value)).isPresent();
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
                && (node.getOpType().equals("Conv") || number(node, "transB") == 1);
    }

    private static long number(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .mapToLong(AttributeProto::getI)
                .findFirst()
                .orElse(0);
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
            if (isDoors(output)) {
                bytesAsTheyAre(door.orElseThrow());
            } else if (!absorbed.containsKey(output) && !door.map(Door::cast).equals(Optional.of(node))) {
                written.addNode(rewritten(node));
            }
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
            inputs.add(values.contains(input) || isDoors(input) ? rounded(input) : input);
        }
        if (layers.contains(node) && WEIGHTED.contains(node.getOpType())) {
            float scale = step(node.getInput(0)).scale();
            float[] bias = door.filter(found -> found.layer().equals(node))
                    .map(this::shiftedBias)
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

    /** A byte's level is its step, and the mean of all channels its zero. */
    private void bytesAsTheyAre(Door found) {
        float[] means = floats(found.shift().getInput(1));
        double sum = 0;
        for (float mean : means) {
            sum += mean;
        }
        int zero = Math.max(0, Math.min(LEVELS, (int) Math.round(sum / means.length)));
        steps.put(found.value(), new Step(1, zero));
        written.addNode(node(
                "DequantizeLinear", rounded(found.value()), found.bytes(), scale(found.value()), zero(found.value())));
    }

    /** The bias that makes up for the difference of each channel's mean from that of all. */
    private float[] shiftedBias(Door found) {
        float[] weights = floats(found.layer().getInput(1));
        float[] means = floats(found.shift().getInput(1));
        int outputs = (int) constantOf(found.layer().getInput(1)).getDims(0);
        float[] bias = found.layer().getInputCount() > 2 ? floats(found.layer().getInput(2)) : new float[outputs];
        int size = weights.length / outputs;
        int taps = size / means.length;
        for (int i = 0; i < weights.length; i++) {
            bias[i / size] += weights[i] * (step(found.value()).zero() - means[i % size / taps]);
        }
        return bias;
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
        FloatBuffer buffer = ByteBuffer.wrap(constantOf(constant).getRawData().toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static ByteString floats(float[] values) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }
}
