package espalier.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import espalier.format.DType;
import espalier.tensor.Recording.Constant;
import espalier.tensor.Recording.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/** The nodes and constants of an ONNX graph while it is written. Values are known by their names. */
final class OnnxGraph {
    private final OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
    private final IdentityHashMap<Constant, String> constants = new IdentityHashMap<>();
    private int names;

    /** A node under construction. */
    final class Node {
        private final NodeProto.Builder node = NodeProto.newBuilder();

        private Node(String type, List<String> inputs) {
            node.setOpType(type).addAllInput(inputs);
        }

        Node ints(String name, long... values) {
            var attribute = AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
            for (long value : values) {
                attribute.addInts(value);
            }
            node.addAttribute(attribute);
            return this;
        }

        Node number(String name, long value) {
            node.addAttribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(value));
            return this;
        }

        Node real(String name, double value) {
            node.addAttribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.FLOAT)
                    .setF((float) value));
            return this;
        }

        Node text(String name, String value) {
            node.addAttribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(value)));
            return this;
        }

        /** Enters the node; returns the name of its only output. */
        String add() {
            String output = name(node.getOpType());
            graph.addNode(node.setName(output).addOutput(output));
            return output;
        }
    }

    Node node(String type, String... inputs) {
        return new Node(type, List.of(inputs));
    }

    /** A node with one output and no attributes. */
    String op(String type, String... inputs) {
        return node(type, inputs).add();
    }

    private String name(String stem) {
        return stem + "_" + names++;
    }

    String constant(Constant constant) {
        String known = constants.get(constant);
        if (known == null) {
            Kind kind = constant.kind();
            if (kind.sizes().contains(-1L)) {
                throw new IllegalArgumentException("zeros of the shape " + kind.sizes()
                        + " grow with the batch, which ONNX has no constant for."
                        + " Maybe give them a batch of 1, which broadcasts.");
            }
            known = initialiser(type(kind.dtype()), kind.sizes(), UnsafeByteOperations.unsafeWrap(constant.data()));
            constants.put(constant, known);
        }
        return known;
    }

    /** Numbers in one dimension, int64. */
    String longs(long... values) {
        var bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return initialiser(TensorProto.DataType.INT64, List.of((long) values.length), ByteString.copyFrom(bytes));
    }

    /** Numbers of any shape, float32. */
    String floats(float[] values, long... shape) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        var sizes = Arrays.stream(shape).boxed().toList();
        return initialiser(TensorProto.DataType.FLOAT, sizes, UnsafeByteOperations.unsafeWrap(bytes));
    }

    /** One number of the given type, without dimensions. */
    String scalar(DType dtype, double value) {
        var bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        switch (dtype) {
            case FLOAT32 -> bytes.putFloat((float) value);
            case FLOAT64 -> bytes.putDouble(value);
            case INT64 -> bytes.putLong((long) value);
            case INT32 -> bytes.putInt((int) value);
            case UINT8, BOOL -> bytes.put((byte) value);
            default -> throw unsupported(dtype);
        }
        return initialiser(type(dtype), List.of(), ByteString.copyFrom(bytes.flip()));
    }

    private String initialiser(TensorProto.DataType type, List<Long> sizes, ByteString data) {
        String name = name("constant");
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(sizes)
                .setRawData(data));
        return name;
    }

    static TensorProto.DataType type(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> TensorProto.DataType.FLOAT;
            case FLOAT64 -> TensorProto.DataType.DOUBLE;
            case INT64 -> TensorProto.DataType.INT64;
            case INT32 -> TensorProto.DataType.INT32;
            case UINT8 -> TensorProto.DataType.UINT8;
            case BOOL -> TensorProto.DataType.BOOL;
            default -> throw unsupported(dtype);
        };
    }

    private static IllegalArgumentException unsupported(DType dtype) {
        return new IllegalArgumentException("tensors of " + dtype.torchName() + " cannot be written as ONNX."
                + " Maybe convert the model to float32.");
    }

    /** The graph with what goes in and comes out. A size of -1 is free: the batch, or the number of steps. */
    OnnxMl.GraphProto finish(String input, Kind inputKind, String result, String output, Kind outputKind) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName("answer")
                .addInput(result)
                .addOutput(output));
        return graph.setName("espalier")
                .addInput(port(input, inputKind))
                .addOutput(port(output, outputKind))
                .build();
    }

    private static OnnxMl.ValueInfoProto port(String name, Kind kind) {
        var shape = OnnxMl.TensorShapeProto.newBuilder();
        for (long size : kind.sizes()) {
            var dim = OnnxMl.TensorShapeProto.Dimension.newBuilder();
            String free = shape.getDimCount() == 0 ? "N" : "T";
            shape.addDim(size < 0 ? dim.setDimParam(free) : dim.setDimValue(size));
        }
        var tensor = OnnxMl.TypeProto.Tensor.newBuilder()
                .setElemType(type(kind.dtype()).getNumber())
                .setShape(shape);
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
