package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.loss.Activation;
import espalier.onnxruntime.OnnxEngine;
import espalier.onnxruntime.OnnxModel;
import espalier.predict.Inputs;
import espalier.testing.NoLeaks;
import espalier.vision.ImageNetwork;
import espalier.vision.model.Models;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** ONNX files that somebody broke, or made to break us: none may end the process, and each is refused with its reason. */
@ExtendWith(NoLeaks.class)
class OnnxModelTest {
    private static byte[] whole;
    private static byte[] int8;

    @BeforeAll
    static void export(@TempDir Path folder) {
        Path file = SavedModels.save(
                folder.resolve("m.safetensors"), Models.mobileNetV2(), "transfer", Activation.SOFTMAX, 32);
        try (var task = ImageNetwork.task(ModelFile.load(file))) {
            var export = new PictureExport(task, OnnxExport.Input.BYTES);
            whole = export.write().bytes();
            var quantiser = Quantiser.of(whole);
            Map<String, float[]> ranges = new HashMap<>();
            quantiser.values().forEach(value -> ranges.put(value, new float[] {-4, 4}));
            int8 = export.answered(quantiser.write(ranges)).bytes();
        }
    }

    private static void refused(String reason, Consumer<ModelProto.Builder> change) {
        refused(whole, reason, change);
    }

    private static void refused(byte[] file, String reason, Consumer<ModelProto.Builder> change) {
        ModelProto.Builder model;
        try {
            model = ModelProto.parseFrom(file).toBuilder();
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
        change.accept(model);
        byte[] changed = model.build().toByteArray();
        assertThatThrownBy(() -> OnnxModel.of(changed, "x.onnx"))
                .as(reason)
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("x.onnx")
                .hasMessageContaining(reason);
    }

    private static NodeProto.Builder node(String type, String input, String output) {
        return NodeProto.newBuilder().setOpType(type).addInput(input).addOutput(output);
    }

    @Test
    void whatIsNotEspaliers_isRefusedBeforeItRuns() {
        refused("operation 'Loop'", model -> model.getGraphBuilder().addNode(node("Loop", "pictures", "x")));
        refused(
                "operation 'Conv'",
                model -> model.getGraphBuilder()
                        .addNode(node("Conv", "pictures", "x").setDomain("com.microsoft")));
        refused("opset", model -> model.getOpsetImportBuilder(0).setDomain("ai.onnx.ml"));
        refused("opset", model -> model.getOpsetImportBuilder(0).setVersion(99));
        refused("functions", model -> model.addFunctionsBuilder().setName("f"));
        refused("no 'espalier'", model -> model.clearMetadataProps());
        refused(
                "one",
                model -> model.getGraphBuilder()
                        .addInput(model.getGraph().getInput(0).toBuilder().setName("second")));
        refused("no value 'nowhere'", model -> model.getGraphBuilder().addNode(node("Relu", "nowhere", "x")));
        refused("are called", model -> model.getGraphBuilder().addNode(node("Relu", "pictures", "probabilities")));
    }

    @Test
    void weightsInOtherFiles_areRefused() {
        refused(
                "another file",
                model -> model.getGraphBuilder()
                        .getInitializerBuilder(0)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(StringStringEntryProto.newBuilder()
                                .setKey("location")
                                .setValue("/etc/passwd")));
    }

    @Test
    void numbersThatCannotBe_areRefused() {
        for (String name : new String[] {"strides", "dilations", "kernel_shape", "pads"}) {
            refused(
                    "impossible '" + name + "'",
                    model -> model.getGraphBuilder()
                            .addNode(node("MaxPool", "pictures", "x")
                                    .addAttribute(AttributeProto.newBuilder()
                                            .setName(name)
                                            .setType(AttributeProto.AttributeType.INTS)
                                            .addInts(name.equals("pads") ? -1 : 0))));
        }
        refused(
                "impossible 'body'",
                model -> model.getGraphBuilder()
                        .addNode(node("Relu", "pictures", "x")
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("body")
                                        .setType(AttributeProto.AttributeType.GRAPH)
                                        .setG(GraphProto.getDefaultInstance()))));
        refused(
                "bytes that its shape needs",
                model -> model.getGraphBuilder().getInitializerBuilder(0).setRawData(ByteString.copyFrom(new byte[3])));
        refused(
                "bytes that its shape needs",
                model -> model.getGraphBuilder()
                        .getInitializerBuilder(0)
                        .addAllDims(java.util.List.of(1L << 40, 1L << 40)));
        refused(
                "grows by",
                model -> model.getGraphBuilder()
                        .addNode(node("Expand", "pictures", "x").addInput("pictures")));
        refused(
                "a side of its pictures",
                model -> model.getGraphBuilder()
                        .getInputBuilder(0)
                        .getTypeBuilder()
                        .getTensorTypeBuilder()
                        .getShapeBuilder()
                        .getDimBuilder(1)
                        .setDimValue(1_000_000));
    }

    private static TensorProto.Builder constant(ModelProto.Builder model, String ending) {
        return model.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(one -> one.getName().endsWith(ending))
                .findFirst()
                .orElseThrow();
    }

    private static ByteString number(float value) {
        return ByteString.copyFrom(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0, value)
                .array());
    }

    @Test
    void stepsOfRoundingThatCannotBe_areRefused() {
        for (float step : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            refused(
                    int8,
                    "a step of " + step,
                    model -> constant(model, "_scale").setRawData(number(step)));
        }
        refused(
                int8,
                "not one step for each channel",
                model -> constant(model, "_weight_scale").clearDims().addDims(1).setRawData(number(1)));
        refused(int8, "zeros that do not fit", model -> constant(model, "_zero").addDims(1));
        refused(
                int8,
                "steps that are no constant",
                model -> model.getGraphBuilder().getNodeBuilderList().stream()
                        .filter(node -> node.getOpType().equals("QuantizeLinear"))
                        .findFirst()
                        .orElseThrow()
                        .setInput(1, "pictures"));
    }

    @Test
    void brokenFiles_areRefusedOrAnswerAndNeverCrash() {
        broken(whole, 120);
    }

    @Test
    void brokenQuantisedFiles_areRefusedOrAnswerAndNeverCrash() {
        broken(int8, 100);
    }

    /** Cut, with bytes changed anywhere, and with bytes changed among the operations, where most is decided. */
    private static void broken(byte[] whole, int least) {
        var random = new Random(5);
        int weights = start(whole);
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            byte[] broken = whole.clone();
            if (round % 3 == 0) {
                broken = Arrays.copyOf(broken, random.nextInt(broken.length));
            } else {
                int to = round % 3 == 1 ? broken.length : weights;
                for (int i = 0; i < 1 + random.nextInt(20); i++) {
                    broken[random.nextInt(to)] = (byte) random.nextInt();
                }
            }
            try (var engine = OnnxEngine.of(OnnxModel.of(broken, "broken.onnx"))) {
                var rows = engine.probabilities(Inputs.of(new byte[32 * 32 * 3], 1, 32, 32, 3));
                assertThat(rows[0]).hasSize(SavedModels.CLASSES);
            } catch (ModelFileException told) {
                refused++;
                assertThat(told.getMessage()).hasSizeGreaterThan(20).hasSizeLessThan(1500);
            }
        }
        assertThat(refused).isBetween(least, 199);
    }

    /** Where the first large constant begins: before it are operations, as the graph is written in this order. */
    private static int start(byte[] file) {
        try {
            var graph = ModelProto.parseFrom(file).getGraph();
            return graph.getNodeList().stream()
                    .mapToInt(NodeProto::getSerializedSize)
                    .sum();
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
