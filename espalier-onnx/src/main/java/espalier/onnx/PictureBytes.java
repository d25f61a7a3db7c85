package espalier.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.Optional;

/**
 * How a picture's bytes come to the first convolution of a graph: they are turned to {@code [N, C, H, W]}, made float, and have the
 * mean of their channel subtracted. The convolution can take the bytes themselves: their {@link #zero} is near all means, and
 * its {@link #bias} makes up for the rest.
 */
final class PictureBytes {
    private static final int MOST = 255;

    private final NodeProto layer;
    private final NodeProto cast;
    private final NodeProto shift;
    private final float[] means;
    private final TensorProto weight;
    private final Optional<TensorProto> bias;

    private PictureBytes(GraphProto graph, NodeProto layer, NodeProto shift, NodeProto cast, float[] means) {
        this.layer = layer;
        this.shift = shift;
        this.cast = cast;
        this.means = means;
        this.weight = constant(graph, layer.getInput(1)).orElseThrow();
        this.bias = layer.getInputCount() > 2 ? constant(graph, layer.getInput(2)) : Optional.empty();
    }

    /** The way to a convolution with constant weights, if it is such a one. */
    static Optional<PictureBytes> of(GraphProto graph, NodeProto layer) {
        var channels = constant(graph, layer.getInput(1)).map(weight -> weight.getDims(1));
        if (channels.isEmpty() || Nodes.number(layer, "group") > 1) {
            return Optional.empty();
        }
        var shift = before(graph, layer, "Sub");
        var means = shift.flatMap(node -> constant(graph, node.getInput(1)))
                .filter(constant -> constant.getDimsList().equals(List.of(1L, channels.get(), 1L, 1L)));
        var cast = shift.flatMap(node -> before(graph, node, "Cast"));
        return cast.flatMap(node -> before(graph, node, "Transpose"))
                .filter(turn -> isPicture(graph, turn.getInput(0)))
                .flatMap(turn -> means)
                .map(found ->
                        new PictureBytes(graph, layer, shift.orElseThrow(), cast.orElseThrow(), Nodes.floats(found)));
    }

    private static Optional<TensorProto> constant(GraphProto graph, String name) {
        return graph.getInitializerList().stream()
                .filter(one -> one.getName().equals(name))
                .findFirst();
    }

    /** What a node takes first, where that is of a kind and for it alone. */
    private static Optional<NodeProto> before(GraphProto graph, NodeProto node, String type) {
        String input = node.getInput(0);
        long uses = graph.getNodeList().stream()
                .flatMap(other -> other.getInputList().stream())
                .filter(input::equals)
                .count();
        return graph.getNodeList().stream()
                .filter(other -> uses == 1
                        && other.getOutput(0).equals(input)
                        && other.getOpType().equals(type))
                .findFirst();
    }

    private static boolean isPicture(GraphProto graph, String name) {
        return graph.getInputList().stream()
                .anyMatch(input -> input.getName().equals(name)
                        && input.getType().getTensorType().getElemType() == DataType.UINT8_VALUE);
    }

    /** The convolution. */
    NodeProto layer() {
        return layer;
    }

    /** The value that holds the bytes, turned. */
    String bytes() {
        return cast.getInput(0);
    }

    /** The value that the convolution takes without this. */
    String shifted() {
        return shift.getOutput(0);
    }

    /** Whether a value is not needed any more. */
    boolean leavesOut(String value) {
        return value.equals(cast.getOutput(0)) || value.equals(shifted());
    }

    /** The level that counts as 0: the mean of all channels. */
    int zero() {
        double sum = 0;
        for (float mean : means) {
            sum += mean;
        }
        return Math.max(0, Math.min(MOST, (int) Math.round(sum / means.length)));
    }

    /** The convolution's bias with the difference of each channel's mean from {@link #zero}. */
    float[] bias() {
        float[] weights = Nodes.floats(weight);
        int outputs = (int) weight.getDims(0);
        float[] sums = bias.map(Nodes::floats).orElseGet(() -> new float[outputs]);
        int size = weights.length / outputs;
        int taps = size / means.length;
        int zero = zero();
        for (int i = 0; i < weights.length; i++) {
            sums[i / size] += weights[i] * (zero - means[i % size / taps]);
        }
        return sums;
    }
}
