package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import espalier.format.ModelFileException;
import espalier.loss.Activation;
import espalier.testing.NoLeaks;
import espalier.vision.model.Architecture;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class OnnxExportTest {
    @TempDir
    Path folder;

    /** What the networks are made of, once: squeeze and excitation, attention, scaled blocks; the rest is with all of them. */
    static Stream<Architecture> light() {
        return Stream.of(
                Models.efficientNetLite0(),
                Models.mobileNetV3Large(),
                Models.vitSmallPatch14DinoV2(),
                Models.vitSmallPatch16());
    }

    static Stream<Architecture> all() {
        return Models.all().stream();
    }

    @ParameterizedTest
    @MethodSource("light")
    void transferModel_answersAsInLibtorch(Architecture architecture) throws IOException {
        for (var input : OnnxExport.Input.values()) {
            exportsEqual(architecture, "transfer", Activation.SOFTMAX, input);
        }
    }

    /** Larger ones of a family whose smallest is written with every head: the same blocks, more often. */
    private static final Set<String> SIBLINGS = Set.of(
            "resnet34",
            "resnet101",
            "resnet152",
            "efficientnet-b1",
            "efficientnet-b2",
            "efficientnet-b3",
            "efficientnet-b4",
            "efficientnet-lite1",
            "efficientnet-lite2");

    /** Three files stand for the twelve of heads, activations and inputs: together they hold each of them at least once. */
    @ParameterizedTest
    @MethodSource("all")
    @Tag("slow")
    void everyArchitecture_answersAsInLibtorchWithEveryHead(Architecture architecture) throws IOException {
        exportsEqual(architecture, "transfer", Activation.SOFTMAX, OnnxExport.Input.BYTES);
        if (SIBLINGS.contains(architecture.name())) {
            return;
        }
        exportsEqual(architecture, "transfer", Activation.SIGMOID, OnnxExport.Input.FLOATS);
        if (!architecture.name().equals("vgg16")) { // its own classifier makes a file of half a gigabyte
            exportsEqual(architecture, "published", Activation.SOFTMAX, OnnxExport.Input.BYTES);
        }
    }

    /** Small, but what the network needs; its own size where its classifier wants a grid that ONNX cannot make of another. */
    private static int size(Architecture architecture, String head) {
        return switch (architecture.name()) {
            case "alexnet" -> head.equals("published") ? 224 : 64;
            case "inception-v3" -> 80;
            case "vit-small-patch14-dinov2" -> 42; // patches of 14
            default -> 48;
        };
    }

    /** What is promised: 1e-4, since roundings of 150 layers differ from one kind of processor to the next by 2e-5. */
    private void exportsEqual(Architecture architecture, String head, Activation activation, OnnxExport.Input input)
            throws IOException {
        int size = size(architecture, head);
        Path model = model(architecture, head, activation, size);

        var result =
                OnnxExport.of(model, folder.resolve("model.onnx")).input(input).run();

        assertThat(result.difference()).as("%s %s", architecture, input).isLessThan(1e-4);
        assertThat(result.shape())
                .isEqualTo(input == OnnxExport.Input.BYTES ? List.of("N", size, size, 3) : List.of("N", 3, size, size));
        assertThat(result.classes()).isEqualTo(SavedModels.CLASSES);
    }

    @Test
    void file_holdsTheDocumentAndGoldenPictures() throws IOException {
        Path model = model(Models.mobileNetV2(), "transfer", Activation.SIGMOID, 32);
        Path out = folder.resolve("model.onnx");

        var result = OnnxExport.of(model, out).run();

        var onnx = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(out));
        var metadata = new LinkedHashMap<String, String>();
        onnx.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        assertThat(metadata.get("espalier")).contains("\"class 4\"").contains("sigmoid");
        assertThat(metadata)
                .containsKeys("golden_input", "golden_output")
                .containsEntry("golden_shape", "[3, 32, 32, 3]");
        assertThat(result.bytes()).isEqualTo(Files.size(out));
        var input = onnx.getGraph().getInput(0).getType().getTensorType();
        assertThat(input.getElemType()).isEqualTo(OnnxMl.TensorProto.DataType.UINT8_VALUE);
        assertThat(input.getShape().getDim(0).getDimParam()).isEqualTo("N");
    }

    @Test
    void modelWithoutASize_isRefusedAndNothingIsWritten() {
        Path model = SavedModels.save(
                folder.resolve("model.safetensors"), Models.resnet18(), "transfer", Activation.SOFTMAX, List.of());
        Path out = folder.resolve("none.onnx");

        assertThatThrownBy(() -> OnnxExport.of(model, out).run())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("any size");
        assertThat(out).doesNotExist();
    }

    private Path model(Architecture architecture, String head, Activation activation, int size) {
        return SavedModels.save(folder.resolve("model.safetensors"), architecture, head, activation, size);
    }
}
