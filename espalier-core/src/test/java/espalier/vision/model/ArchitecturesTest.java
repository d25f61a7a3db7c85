package espalier.vision.model;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.nn.FoldBatchNorm;
import espalier.nn.Module;
import espalier.tensor.Grad;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import espalier.weights.PretrainedWeights;
import espalier.weights.PthReader;
import espalier.weights.Weights;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, shapes and scores of all architectures against torchvision's, and the published Lite file's. */
@ExtendWith(NoLeaks.class)
class ArchitecturesTest {
    private static final Golden STATES = Golden.load("models/architectures");
    private static final Golden BACKBONES = Golden.load("models/backbones");
    private static final Golden FILLED = Golden.load("models/filled");

    private static List<String> lines(Module model) {
        var lines = new ArrayList<String>();
        model.stateDict()
                .forEach((name, tensor) -> lines.add(name + " "
                        + Arrays.stream(tensor.shape().sizes())
                                .mapToObj(Long::toString)
                                .collect(Collectors.joining("x"))));
        return lines;
    }

    /** As it is published: for 1,000 classes, but DINOv2's without a classifier. */
    private static Backbone create(String name) {
        return Models.named(name).create(name.contains("dinov2") ? 0 : PretrainedWeights.CLASSES);
    }

    private static String digest(List<String> lines) throws Exception {
        String text = String.join("\n", lines) + "\n";
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet18",
                "resnet34",
                "resnet50",
                "resnet101",
                "resnet152",
                "efficientnet_b0",
                "efficientnet_b1",
                "efficientnet_b2",
                "efficientnet_b3",
                "efficientnet_b4",
                "mobilenet_v2",
                "efficientnet_lite0",
                "efficientnet_lite1",
                "efficientnet_lite2",
                "alexnet",
                "vgg16",
                "squeezenet1_1",
                "densenet121",
                "googlenet",
                "inception_v3",
                "mobilenet_v3_large",
                "mobilenetv4_conv_small",
                "convnext_tiny",
                "vit_small_patch16_224",
                "vit_small_patch14_dinov2"
            })
    void stateDict_hasThePublishedNamesShapesAndOrder(String name) throws Exception {
        try (var model = create(name)) {
            var all = lines(model);
            var used = all.stream()
                    .filter(line -> !line.contains("num_batches_tracked"))
                    .toList();
            if (STATES.value("/" + name).has("state")) {
                assertThat(used).isEqualTo(STATES.stringsAt("/" + name + "/state"));
            }
            assertThat(model.parameterCount())
                    .isEqualTo(STATES.value("/" + name + "/parameters").asLong());
            assertThat(digest(used))
                    .isEqualTo(STATES.value("/" + name + "/sha256_in_order_without_counters")
                            .asString());
            assertThat(digest(all.stream().sorted().toList()))
                    .isEqualTo(STATES.value("/" + name + "/sha256_sorted").asString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet18",
                "resnet50",
                "efficientnet_b0",
                "mobilenet_v2",
                "efficientnet_lite0",
                "efficientnet_lite2"
            })
    void scores_ofFilledModels_equalPyTorchs(String name) {
        compareFilled(name);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(
            strings = {
                "resnet34",
                "resnet101",
                "resnet152",
                "efficientnet_b1",
                "efficientnet_b2",
                "efficientnet_b3",
                "efficientnet_b4",
                "efficientnet_lite1"
            })
    void scores_ofFilledSiblings_equalPyTorchs(String name) {
        compareFilled(name);
    }

    private static void compareFilled(String name) {
        try (var model = Models.named(name).create(1000)) {
            int norms = (int) model.modules().values().stream()
                    .filter(espalier.nn.BatchNorm2d.class::isInstance)
                    .count();
            compareFilled(model, 64, norms, FILLED, name);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alexnet, 64, 0",
        "vgg16, 64, 0",
        "squeezenet1_1, 64, 0",
        "densenet121, 64, 59", // the stem's, and the second of each layer
        "googlenet, 64, 59",
        "inception_v3, 96, 96",
        "mobilenet_v3_large, 64, 46",
        "mobilenetv4_conv_small, 64, 46",
        "convnext_tiny, 64, 0",
        "vit_small_patch16_224, 224, 0"
    })
    void scores_ofFilledBackbones_equalPyTorchs(String name, int size, int folded) {
        try (var model = Models.named(name).create(1000)) {
            compareFilled(model, size, folded, BACKBONES, name);
        }
    }

    @Test
    @Tag("slow")
    void features_ofFilledDinoV2_equalTimms() {
        try (var model = create("vit_small_patch14_dinov2")) {
            compareFilled(model, 518, 0, BACKBONES, "vit_small_patch14_dinov2");
        }
    }

    /** Larger along one axis and smaller along the other than the grid that the positions were made for. */
    @ParameterizedTest
    @CsvSource({"vit_small_patch16_224, 96, 256", "vit_small_patch14_dinov2, 98, 532"})
    void positions_ofOtherSizes_areResampledAsTimmDoes(String name, int height, int width) {
        try (var model = create(name);
                var off = Grad.off()) {
            Filled.fill(model);
            model.eval();
            compare(model.forward(Filled.waves(1, 3, height, width)), BACKBONES, name + "_resampled");
            assertThatThrownBy(() -> model.forward(Filled.waves(1, 3, 100, 96)))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("100 x 96")
                    .hasMessageContaining("Maybe resize");
        }
    }

    /** In both layouts, then with the batch norms folded, of which there are so many. */
    private static void compareFilled(Module model, int size, int folded, Golden golden, String name) {
        try (var off = Grad.off()) {
            Filled.fill(model);
            model.eval();
            Tensor x = Filled.waves(1, 3, size, size);
            Tensor plain = model.forward(x);
            compare(plain, golden, name);
            model.channelsLast();
            compare(model.forward(x.channelsLast()), golden, name);
            assertThat(FoldBatchNorm.apply(model)).isEqualTo(folded);
            assertThat(model.forward(x.channelsLast())).isCloseTo(plain, 1e-4);
        }
    }

    private static void compare(Tensor scores, Golden golden, String name) {
        double[] first = golden.doublesAt("/" + name + "/first/0");
        double[] got = Arrays.copyOf(scores.detach().toDoubleArray(), first.length);
        assertThat(Tensor.of(got, first.length)).isCloseTo(first, 1e-4);
        assertThat((long) scores.argmax(1).toLongArray()[0]).isEqualTo(golden.longsAt("/" + name + "/argmax")[0]);
        double sum = golden.doublesAt("/" + name + "/abs_sum")[0];
        assertThat(scores.narrow(0, 0, 1).abs().sum().item()).isCloseTo(sum, within(1e-4 * sum));
    }

    @Test
    void training_movesTheStatisticsAsPyTorchDoes() {
        try (var model = Models.resnet18().create(1000);
                var off = Grad.off()) {
            Filled.fill(model);
            compare(model.forward(Filled.waves(2, 3, 64, 64)), FILLED, "resnet18_training");
            for (String buffer : List.of("bn1.running_mean", "bn1.running_var")) {
                double[] expected = FILLED.doublesAt("/resnet18_training/after." + buffer);
                double[] got = Arrays.copyOf(model.buffers().get(buffer).toDoubleArray(), expected.length);
                assertThat(got).containsExactly(expected, within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @Tag("real")
    @ValueSource(strings = {"efficientnet_lite0:efficientnet-lite0-57934424", "mobilenet_v2:mobilenet_v2-b0353104"})
    void scores_ofPublishedWeights_equalPyTorchs(String both) {
        String name = both.substring(0, both.indexOf(':'));
        String given = System.getProperty("espalier.shared", "");
        Path shared = Path.of(given.isBlank() ? "../../shared" : given);
        Path file = shared.resolve("weights").resolve(both.substring(both.indexOf(':') + 1) + ".pth");
        var golden = Golden.load("models/pretrained");
        try (var model = Models.named(name).create(1000);
                var off = Grad.off()) {
            Weights.load(model, PthReader.read(file), file.toString());
            model.eval();
            model.channelsLast();
            Tensor x = Filled.waves(2, 3, 224, 224).channelsLast();
            compare(model.forward(x), golden, name);
            FoldBatchNorm.apply(model);
            compare(model.forward(x), golden, name);
        }
    }

    @Test
    void catalogue_findsByNameAndListsNamesOtherwise() {
        assertThat(Models.named("EfficientNet_Lite0").name()).isEqualTo("efficientnet-lite0");
        assertThat(Models.all().stream().map(Architecture::name)).doesNotHaveDuplicates();
        assertThatThrownBy(() -> Models.named("resnet19"))
                .hasMessageContaining("\"resnet19\"")
                .hasMessageContaining("resnet18");
        assertThatThrownBy(() -> Models.resnet18().create(0)).hasMessageContaining("a class or more");
    }
}
