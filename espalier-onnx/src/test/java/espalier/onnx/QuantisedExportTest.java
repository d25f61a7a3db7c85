package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import espalier.app.LabelledPictures;
import espalier.format.ModelFileException;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.loss.Activation;
import espalier.nn.Conv2d;
import espalier.nn.Sequential;
import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.tensor.Recording;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class QuantisedExportTest {
    private static final int PICTURES = 8;

    @TempDir
    Path folder;

    private Path model;
    private Path out;
    private LabelledPictures data;

    @BeforeEach
    void save() throws IOException {
        model = SavedModels.save(
                folder.resolve("m.safetensors"), Models.resnet18(), "transfer", Activation.SOFTMAX, 48);
        out = folder.resolve("m.onnx");
        for (int n = 0; n < PICTURES; n++) {
            Path label = Files.createDirectories(folder.resolve("data/class " + n % SavedModels.CLASSES));
            Files.write(label.resolve(n + ".jpg"), ImageWriter.jpeg(waves(n), 95));
        }
        data = LabelledPictures.of(folder.resolve("data"));
    }

    private static Image waves(int n) {
        byte[] bytes = new byte[60 * 50 * 3];
        for (int i = 0; i < bytes.length; i++) {
            int x = i / 3 % 60;
            int y = i / 180;
            bytes[i] = (byte) Math.round(127.5 + 120 * Math.sin(x / (3.0 + n) + y / (9.0 - n) + i % 3));
        }
        return Image.of(60, 50, bytes);
    }

    private static long count(ModelProto model, String type) {
        return model.getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals(type))
                .count();
    }

    @Test
    void int8Model_answersNearlyAsFloat32AndIsAQuarterOfTheSize() throws IOException {
        var job = QuantisedExport.of(OnnxExport.of(model, out), data).maxLoss(100);

        var result = job.run(Progress.NONE);

        assertThat(result.layers())
                .as("20 convolutions and 2 layers of the head, but the last")
                .isEqualTo(21);
        assertThat(result.calibrated()).isEqualTo(PICTURES);
        assertThat(result.judged()).isEqualTo(PICTURES);
        assertThat(result.metric()).isEqualTo("accuracy");
        assertThat(result.file().bytes()).isEqualTo(Files.size(out)).isLessThan(Files.size(model) * 3 / 10);
        var graph = ModelProto.parseFrom(Files.readAllBytes(out));
        assertThat(count(graph, "Relu")).as("done by rounding, but in the head").isLessThan(2);
        assertThat(count(graph, "Cast") + count(graph, "Sub"))
                .as("the first convolution takes the picture's bytes")
                .isZero();
        try (var whole = Predictor.load(model, Engines.LIBTORCH);
                var int8 = Predictor.load(out)) {
            assertThat(int8.task().precision()).isEqualTo("int8");
            for (int n = 0; n < PICTURES; n++) {
                Path file = folder.resolve("data/class " + n % SavedModels.CLASSES + "/" + n + ".jpg");
                float[] expected = whole.predict(file).probabilities();
                assertThat(int8.predict(file).probabilities())
                        .containsExactly(expected, within(0.05f))
                        .isNotEqualTo(expected);
            }
        }
    }

    @Test
    void modelThatLosesMoreThanIsAllowed_isNotWritten() {
        var job = QuantisedExport.of(OnnxExport.of(model, out), data).maxLoss(-101);

        assertThatThrownBy(() -> job.run(Progress.NONE))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("loses")
                .hasMessageContaining("of accuracy by 8 pictures")
                .hasMessageContaining("Nothing was written. Maybe judge by more pictures");
        assertThat(out).doesNotExist();
    }

    @Test
    void unlabelledPictures_areEnoughWhereNothingIsJudged() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        Files.copy(folder.resolve("data/class 1/1.jpg"), plain.resolve("1.jpg"));
        Files.writeString(plain.resolve("2.jpg"), "no picture");
        var job = QuantisedExport.of(OnnxExport.of(model, out), LabelledPictures.of(plain));

        assertThatThrownBy(() -> job.run(Progress.NONE)).isInstanceOf(DataException.class);
        assertThat(job.unjudged(Progress.NONE).bytes()).isEqualTo(Files.size(out));
    }

    @Test
    void weightsAndBiases_areRoundedChannelByChannel() {
        try (var scope = Scope.open()) {
            var net = Sequential.of(Conv2d.of(3, 4, 1), Conv2d.of(4, 2, 1), Conv2d.of(2, 2, 1));
            byte[] onnx = OnnxWriter.write(
                    Recording.of(net.eval()::forward, n -> Tensor.zeros(n, 3, 4, 4)), "x", "y", Map.of());
            var quantiser = Quantiser.of(onnx);
            assertThat(quantiser.values()).hasSize(2);

            var written = quantiser.write(Map.of(
                    quantiser.values().get(0), new float[] {-1, 1},
                    quantiser.values().get(1), new float[] {0, 2}));

            assertThat(written.getGraph().getNodeList().stream().map(NodeProto::getOpType))
                    .containsExactly(
                            "Conv",
                            "QuantizeLinear",
                            "DequantizeLinear",
                            "DequantizeLinear",
                            "DequantizeLinear",
                            "Conv",
                            "QuantizeLinear",
                            "DequantizeLinear",
                            "Conv",
                            "Identity");
            var names = written.getGraph().getInitializerList();
            var whole = names.stream()
                    .filter(one -> one.getName().endsWith("_weight_whole"))
                    .findFirst()
                    .orElseThrow();
            assertThat(whole.getDimsList()).containsExactly(2L, 4L, 1L, 1L);
            byte[] bytes = whole.getRawData().toByteArray();
            float[] expected = net.parameters().get("1.weight").toFloatArray();
            var scale = names.stream()
                    .filter(one -> one.getName().endsWith("_weight_scale"))
                    .findFirst()
                    .orElseThrow()
                    .getRawData()
                    .asReadOnlyByteBuffer()
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN);
            for (int c = 0; c < 2; c++) {
                float step = scale.getFloat();
                int largest = 0;
                for (int i = 0; i < 4; i++) {
                    assertThat(bytes[4 * c + i] * step).isCloseTo(expected[4 * c + i], within(step / 2 + 1e-6f));
                    largest = Math.max(largest, Math.abs(bytes[4 * c + i]));
                }
                assertThat(largest).isEqualTo(127);
            }
        }
    }

    @Test
    void modelOfTwoLayers_hasNothingToGain() {
        try (var scope = Scope.open()) {
            var net = Sequential.of(Conv2d.of(3, 4, 1), Conv2d.of(4, 2, 1));
            byte[] onnx = OnnxWriter.write(
                    Recording.of(net.eval()::forward, n -> Tensor.zeros(n, 3, 4, 4)), "x", "y", Map.of());

            assertThatThrownBy(() -> Quantiser.of(onnx))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no convolutions");
        }
    }
}
