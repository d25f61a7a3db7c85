package espalier.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Reads what nodes of an ONNX graph and its constants hold. */
final class Nodes {
    private Nodes() {}

    /** An attribute that is a whole number; 0 where there is none. */
    static long number(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .mapToLong(attribute -> attribute.getI())
                .findFirst()
                .orElse(0);
    }

    /** The values of a float constant of ours, which has them as bytes. */
    static float[] floats(TensorProto constant) {
        FloatBuffer buffer = ByteBuffer.wrap(constant.getRawData().toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}
