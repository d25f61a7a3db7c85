package espalier.onnxruntime;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What may be handed to ONNX Runtime: graphs of the operators that Espalier writes, of standard opsets, with all weights
 * inside the file and every number within bounds. No functions, no nested graphs, no custom operators, no other files.
 * What is refused is an {@link IllegalArgumentException}.
 */
final class OnnxGate {
    /** Every operator that the exporter writes. */
    static final Set<String> OPERATORS = Set.of(
            "Abs",
            "Add",
            "AveragePool",
            "BatchNormalization",
            "Cast",
            "Ceil",
            "Clip",
            "Concat",
            "Conv",
            "Cos",
            "CumSum",
            "DequantizeLinear",
            "Div",
            "Elu",
            "Erf",
            "Exp",
            "Expand",
            "Floor",
            "GRU",
            "Gather",
            "Gemm",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "InstanceNormalization",
            "LSTM",
            "LayerNormalization",
            "LeakyRelu",
            "Log",
            "LogSoftmax",
            "MatMul",
            "Max",
            "MaxPool",
            "Min",
            "Mul",
            "Neg",
            "Pad",
            "Pow",
            "QuantizeLinear",
            "RNN",
            "Reciprocal",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceSum",
            "Relu",
            "Reshape",
            "Round",
            "Sigmoid",
            "Sign",
            "Sin",
            "Slice",
            "Softmax",
            "Softplus",
            "Sqrt",
            "Squeeze",
            "Sub",
            "Tanh",
            "Transpose",
            "Unsqueeze");

    private static final int OLDEST_OPSET = 13;
    private static final int NEWEST_OPSET = 17;
    private static final int MOST_NODES = 20_000;
    private static final int MOST_DIMS = 8;
    private static final int MOST_NUMBERS = 64;
    private static final long MOST_NUMBER = 1 << 16;
    private static final Map<Integer, Integer> BYTES = Map.of(
            TensorProto.DataType.FLOAT_VALUE, 4,
            TensorProto.DataType.DOUBLE_VALUE, 8,
            TensorProto.DataType.INT32_VALUE, 4,
            TensorProto.DataType.INT64_VALUE, 8,
            TensorProto.DataType.UINT8_VALUE, 1,
            TensorProto.DataType.INT8_VALUE, 1,
            TensorProto.DataType.BOOL_VALUE, 1);

    private final GraphProto graph;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Set<String> known = new HashSet<>();

    private OnnxGate(GraphProto graph) {
        this.graph = graph;
    }

    static void check(ModelProto model) {
        if (model.getOpsetImportCount() != 1
                || !model.getOpsetImport(0).getDomain().isEmpty()
                || model.getOpsetImport(0).getVersion() < OLDEST_OPSET
                || model.getOpsetImport(0).getVersion() > NEWEST_OPSET) {
            throw refused("it needs other operators than those of ONNX, opset " + OLDEST_OPSET + " to " + NEWEST_OPSET);
        }
        if (model.getFunctionsCount() + model.getTrainingInfoCount() > 0) {
            throw refused("it has functions of its own");
        }
        new OnnxGate(model.getGraph()).check();
    }

    private static IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException(reason + ".");
    }

    private void check() {
        if (graph.getSparseInitializerCount() + graph.getQuantizationAnnotationCount() > 0
                || graph.getNodeCount() > MOST_NODES) {
            throw refused("it has sparse or quantised weights, or more than " + MOST_NODES + " operations");
        }
        graph.getInputList().forEach(input -> define(input.getName()));
        for (TensorProto constant : graph.getInitializerList()) {
            checkConstant(constant);
            define(constant.getName());
            constants.put(constant.getName(), constant);
        }
        graph.getNodeList().forEach(this::checkNode);
        graph.getOutputList().forEach(output -> checkKnown(output.getName()));
    }

    /** Names come once, and before they are used: so there is no loop. */
    private void define(String name) {
        if (name.isEmpty() || !known.add(name)) {
            throw refused("two values are called '" + name + "'");
        }
    }

    private void checkKnown(String name) {
        if (!name.isEmpty() && !known.contains(name)) {
            throw refused("there is no value '" + name + "'");
        }
    }

    private static void checkConstant(TensorProto constant) {
        if (constant.getExternalDataCount() > 0 || constant.getDataLocation() != TensorProto.DataLocation.DEFAULT) {
            throw refused("its weights are in another file");
        }
        long bytes = BYTES.getOrDefault(constant.getDataType(), -1);
        boolean sized = bytes > 0 && constant.getDimsCount() <= MOST_DIMS;
        for (int i = 0; sized && i < constant.getDimsCount(); i++) {
            long size = constant.getDims(i);
            sized = size >= 0 && size <= Integer.MAX_VALUE && (bytes *= size) <= Integer.MAX_VALUE;
        }
        if (!sized || bytes != constant.getRawData().size()) {
            throw refused("a constant has not the bytes that its shape needs");
        }
        if (constant.getDataType() == TensorProto.DataType.INT64_VALUE) {
            var values = longs(constant);
            while (values.hasRemaining()) {
                long value = values.get();
                if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
                    throw refused("a size or index is " + value);
                }
            }
        }
    }

    private static java.nio.LongBuffer longs(TensorProto constant) {
        return ByteBuffer.wrap(constant.getRawData().toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
    }

    private void checkNode(NodeProto node) {
        if (!OPERATORS.contains(node.getOpType()) || !node.getDomain().isEmpty() || node.getOutputCount() != 1) {
            throw refused("it has the operation '" + node.getOpType() + "', which Espalier does not write");
        }
        node.getInputList().forEach(this::checkKnown);
        node.getAttributeList().forEach(attribute -> checkAttribute(node, attribute));
        if (Set.of("Expand", "Pad").contains(node.getOpType())) {
            checkGrowth(node);
        }
        if (Set.of("QuantizeLinear", "DequantizeLinear").contains(node.getOpType())) {
            checkSteps(node);
        }
        node.getOutputList().forEach(this::define);
    }

    /** Such as that a stride is not 0, by which one divides. */
    private static void checkAttribute(NodeProto node, AttributeProto attribute) {
        String name = attribute.getName();
        long least = Set.of("strides", "dilations", "kernel_shape", "group").contains(name)
                ? 1
                : name.equals("pads") ? 0 : -MOST_NUMBER;
        boolean fits =
                switch (attribute.getType()) {
                    case INT -> within(attribute.getI(), least);
                    case INTS ->
                        attribute.getIntsCount() <= MOST_NUMBERS
                                && attribute.getIntsList().stream().allMatch(value -> within(value, least));
                    case FLOAT -> Float.isFinite(attribute.getF());
                    case STRING -> attribute.getS().size() <= MOST_NUMBERS;
                    default -> false;
                };
        if (!fits) {
            throw refused("the operation " + node.getOpType() + " has an impossible '" + name + "'");
        }
    }

    private static boolean within(long value, long least) {
        return value >= least && value <= MOST_NUMBER;
    }

    /** What makes tensors larger must say by how much in a constant of small numbers. */
    private void checkGrowth(NodeProto node) {
        var sizes = node.getInputCount() > 1 ? constants.get(node.getInput(1)) : null;
        if (sizes == null || sizes.getDataType() != TensorProto.DataType.INT64_VALUE) {
            throw refused("the operation " + node.getOpType() + " grows by what is computed");
        }
        var values = longs(sizes);
        while (values.hasRemaining()) {
            long value = values.get();
            if (value < 0 || value > MOST_NUMBER) {
                throw refused("the operation " + node.getOpType() + " grows by " + value);
            }
        }
    }

    /** Steps of quantised numbers are constants above 0: one for all, or one for each channel of a constant. */
    private void checkSteps(NodeProto node) {
        var steps = node.getInputCount() > 1 ? constants.get(node.getInput(1)) : null;
        if (steps == null || steps.getDataType() != TensorProto.DataType.FLOAT_VALUE || steps.getDimsCount() > 1) {
            throw refused("the operation " + node.getOpType() + " has steps that are no constant");
        }
        var values = ByteBuffer.wrap(steps.getRawData().toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        int count = values.remaining();
        while (values.hasRemaining()) {
            float step = values.get();
            if (!(step > 0 && Float.isFinite(step))) {
                throw refused("the operation " + node.getOpType() + " has a step of " + step);
            }
        }
        checkZero(node, steps);
        if (steps.getDimsCount() == 1) {
            checkAxis(node, count);
        }
    }

    private void checkZero(NodeProto node, TensorProto steps) {
        if (node.getInputCount() < 3) {
            return;
        }
        var zero = constants.get(node.getInput(2));
        if (zero == null || !zero.getDimsList().equals(steps.getDimsList())) {
            throw refused("the operation " + node.getOpType() + " has zeros that do not fit its steps");
        }
    }

    private void checkAxis(NodeProto node, int count) {
        var constant = constants.get(node.getInput(0));
        long axis = node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("axis"))
                .mapToLong(AttributeProto::getI)
                .findFirst()
                .orElse(1);
        if (constant == null || axis < 0 || axis >= constant.getDimsCount() || constant.getDims((int) axis) != count) {
            throw refused("the operation " + node.getOpType() + " has not one step for each channel of a constant");
        }
    }
}
