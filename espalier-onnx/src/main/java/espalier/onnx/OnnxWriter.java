package espalier.onnx;

import ai.onnx.proto.OnnxMl;
import espalier.tensor.Recording;
import espalier.tensor.Recording.Constant;
import espalier.tensor.Recording.Input;
import espalier.tensor.Recording.Nothing;
import espalier.tensor.Recording.Result;
import espalier.tensor.Recording.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns a recorded computation into an ONNX model of one input and one output, whose first dimension is the batch.
 *
 * <pre>{@code
 * var recording = Recording.of(net.eval()::forward, n -> Tensor.zeros(n, 3, 224, 224));
 * byte[] onnx = OnnxWriter.write(recording, "pictures", "scores", Map.of());
 * }</pre>
 */
public final class OnnxWriter {
    /** The version of ONNX's operators that is written: of 2022, which every runtime in use reads. */
    public static final long OPSET = 17;

    private static final long IR_VERSION = 8;

    private final Recording recording;
    private final OnnxGraph graph = new OnnxGraph();
    /** What each step gives. */
    private final List<String> results = new ArrayList<>();

    private final String input;

    private OnnxWriter(Recording recording, String input) {
        this.recording = recording;
        this.input = input;
    }

    /**
     * The bytes of an ONNX file.
     *
     * @param recording the computation, of a module in evaluation mode
     * @param input what the input shall be called
     * @param output what the output shall be called
     * @param metadata texts for the file's {@code metadata_props}
     * @throws IllegalArgumentException when an operation has no counterpart in ONNX that this class knows
     */
    public static byte[] write(Recording recording, String input, String output, Map<String, String> metadata) {
        return new OnnxWriter(FoldedScale.of(Unmirrored.of(recording)), input)
                .model(output, metadata)
                .toByteArray();
    }

    private OnnxMl.ModelProto model(String output, Map<String, String> metadata) {
        var inputKind = inputKind();
        for (var step : recording.steps()) {
            var operands = step.operands().stream().map(this::name).toList();
            results.add(Operators.write(graph, step, operands));
        }
        var result = recording.output();
        return model(graph.finish(input, inputKind, name(result), output, result.kind()), metadata);
    }

    static OnnxMl.ModelProto model(OnnxMl.GraphProto graph, Map<String, String> metadata) {
        var model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("espalier")
                .addOpsetImport(
                        OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph);
        metadata.forEach((key, value) -> model.addMetadataProps(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    private Recording.Kind inputKind() {
        return recording.steps().stream()
                .flatMap(step -> step.operands().stream())
                .filter(Input.class::isInstance)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the computation does not use its input."))
                .kind();
    }

    private String name(Value value) {
        if (value instanceof Constant constant) {
            return graph.constant(constant);
        }
        if (value instanceof Result result) {
            return results.get(result.step());
        }
        return value instanceof Nothing ? "" : input;
    }
}
