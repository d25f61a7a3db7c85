package espalier.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelDocument.Architecture;
import espalier.format.ModelDocument.Normalisation;
import espalier.format.ModelDocument.Step;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import espalier.vision.model.Models;
import espalier.weights.Weights;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model files that somebody damaged or made up: each is refused when it is loaded, or answers as it should. */
@ExtendWith(NoLeaks.class)
class HostileModelFilesTest {
    private static final Step RESIZE = step("resize", Map.of("height", 32, "width", 32));
    private static final byte[] PICTURE = ImageWriter.png(Image.of(2, 2, new byte[12]));

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 2049, 12_000, 50_000, 1e9, 1e300, 32.5})
    void M13_resizeOutOfBounds_isRefusedAtLoad(double size) {
        for (var step : List.of(
                step("resize", Map.of("height", size, "width", 32)),
                step("centerCrop", Map.of("height", 32, "width", size)),
                step("resizeShortSide", Map.of("size", size, "crop", size)),
                step("randomResizedCrop", Map.of("height", size)))) {
            refused(model().transforms(List.of(step)), tiny(), step.name().equals("resizeShortSide") ? "size" : "");
        }
    }

    /** 32 pictures of the largest size at once would take ten gigabytes. */
    @Test
    void M13_largePictures_goThroughTheModelOneByOne() {
        for (var sides : List.of(new int[] {2048, 2}, new int[] {32, 32}, new int[] {1024, 8})) {
            var resize = step("resize", Map.of("height", sides[0], "width", sides[0]));
            Path file = saved(model().transforms(List.of(resize)), tiny());
            try (var predictor = Predictor.load(file)) {
                assertThat(predictor.task().most())
                        .as("of %d pixels a side", sides[0])
                        .isEqualTo(sides[1]);
            }
        }
    }

    @Test
    void M13_paddingOfTheValidationCrop_isBounded() {
        refused(model().transforms(List.of(step("randomResizedCrop", Map.of("extra", 1e6)))), tiny(), "extra");
    }

    @Test
    void M13_thousandsOfTransforms_areRefused() {
        String many = "{\"name\":\"flip\",\"parameters\":{\"p\":0.5}},".repeat(5_000);
        Path file = saved(model(), tiny());
        rewrite(file, json -> json.replace("\"transforms\":[", "\"transforms\":[" + many));
        assertThatThrownBy(() -> ModelFile.loadUnverified(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("5001 transforms");
        assertThatThrownBy(() -> model().transforms(Collections.nCopies(33, RESIZE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 32");
    }

    @Test
    void thresholdOfOneValue_countsForEveryTag() {
        Path file = saved(model().activation("sigmoid").thresholds(List.of(0.0)), tiny());
        try (var predictor = Predictor.load(file)) {
            assertThat(predictor.predict(PICTURE).labels()).containsExactly("cat", "dog");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 50, Double.NaN, Double.POSITIVE_INFINITY})
    void thresholdThatIsNoProbability_isRefused(double threshold) {
        assertThatThrownBy(() -> model().thresholds(List.of(threshold)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("thresholds must be probabilities");
    }

    @Test
    void normalisationOfTheWrongLength_isRefusedAtLoad() {
        var two = new Normalisation(List.of(0.5, 0.5), List.of(0.5, 0.5));
        refused(model().normalisation(two), tiny(), "normalises 2 channels");
    }

    @Test
    void statisticsThatOverflow_areRefused() {
        for (var wrong : List.of(List.of(1e308, 0.5), List.of(-1e4, 0.5), List.of(0.5, 1e-320), List.of(0.5, 1e308))) {
            assertThatThrownBy(() -> new Normalisation(List.of(wrong.get(0)), List.of(wrong.get(1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("normalisation needs means");
        }
    }

    @Test
    void negativeRunningVariance_isRefusedAtLoad() {
        var tensors = tiny();
        tensors.replaceAll((name, tensor) -> name.endsWith("running_var") ? filled(tensor, -1) : tensor);
        refused(model(), tensors, "negative variance");
    }

    @Test
    void weightsThatOverflow_giveNoAnswer() {
        var tensors = tiny();
        tensors.replaceAll((name, tensor) -> name.endsWith("weight") ? filled(tensor, 3e38f) : tensor);
        Path file = saved(model(), tensors);
        try (var predictor = Predictor.load(file)) {
            assertThatThrownBy(() -> predictor.predict(PICTURE))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("not finite");
        }
    }

    @Test
    void unknownArchitecture_isAModelFileException() {
        Path file = saved(
                ModelDocument.of(
                        "image-classification", new Architecture("resnet\u001b[31m9000", Map.of()), List.of("a")),
                tiny());
        assertThatThrownBy(() -> Predictor.load(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("there is no model")
                .hasMessageNotContainingAny("\u001b");
    }

    @Test
    void M06_anyBitOfTheHeader_isCoveredByTheDigest() throws IOException {
        Path file = dir.resolve("m.safetensors");
        ModelFile.save(file, ModelFileTest.document(), small());
        byte[] bytes = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThatThrownBy(() -> ModelFile.load(file))
                    .as("bit %d of byte %d", bit % 8, bit / 8)
                    .isInstanceOf(ModelFileException.class);
        }
    }

    @Test
    void M06_changesOfNamesTypesAndDocument_areFound() {
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                text -> text.replace("\\\"dog\\\"", "\\\"dow\\\""),
                text -> text.replace("[0.5", "[0.6"),
                text -> text.replace("\\\"height\\\":32", "\\\"height\\\":64"),
                text -> text.replace("\"a.bias\"", "\"?\"")
                        .replace("\"b.bias\"", "\"a.bias\"")
                        .replace("\"?\"", "\"b.bias\""),
                text -> text.replaceFirst("\"F32\"", "\"I32\""),
                text -> text.replace("\"shape\":[2,2]", "\"shape\":[4,1]"),
                text -> text.replace("weights_sha256", "weights_sha257"))) {
            Path file = dir.resolve("m.safetensors");
            ModelFile.save(file, model(), small());
            rewriteHeader(file, change);
            assertThatThrownBy(() -> ModelFile.load(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("damaged");
        }
    }

    /** Files had the digest of the tensors' bytes alone before; they load for ever. */
    @Test
    void M09_digestOfTheBytesAlone_stillLoads() {
        Path file = dir.resolve("old.safetensors");
        var old = model().weightsSha256(Safetensors.sha256(small()));
        Safetensors.write(file, small(), Map.of(ModelFile.KEY, ModelDocumentJson.write(old)));
        assertThat(ModelFile.load(file).document()).isEqualTo(old);
    }

    @Test
    void M02_sparseFileOf16GB_isRefusedWithItsSize() throws Exception {
        Path file = dir.resolve("sparse.safetensors");
        var empty = SafetensorsHeader.layout(Map.of(), Map.of(ModelFile.KEY, ModelDocumentJson.write(model())));
        String start = StandardCharsets.UTF_8.decode(empty.encode().position(8)).toString();
        var json = new StringBuilder(start.substring(0, start.lastIndexOf('}')));
        long tensor = 1L << 30;
        for (int i = 0; i < 16; i++) {
            json.append(",\"t%d\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                    .formatted(i, tensor, i * tensor, (i + 1) * tensor));
        }
        byte[] header = json.append("}").toString().getBytes(StandardCharsets.UTF_8);
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(0);
            out.write(length(header.length));
            out.write(header);
            out.setLength(8 + header.length + 16 * tensor);
        }
        assertThat(loadedIn("64m", file))
                .contains("ModelFileException")
                .contains("16384 MB")
                .contains("-Xmx");
    }

    @Test
    void M02_headerOf100MB_isRefusedWithItsSize() throws Exception {
        Path file = dir.resolve("header.safetensors");
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(length(99_999_999));
            out.setLength(8 + 99_999_999);
        }
        assertThat(loadedIn("64m", file))
                .contains("ModelFileException")
                .contains("95 MB")
                .contains("-Xmx");
    }

    @Test
    void versionOfANewerModel_cannotWriteLinesOfItsOwn() {
        Path file = saved(model(), tiny());
        rewrite(
                file,
                json -> json.replace("\"format_version\":1", "\"format_version\":9")
                        .replace("\"requires\":\"0.1\"", "\"requires\":\"1\\nsaved ok\\u001b[2J\""));
        assertThatThrownBy(() -> ModelFile.load(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("needs Espalier >= 1\\nsaved ok")
                .hasMessageNotContainingAny("\n", "\u001b");
    }

    @Test
    void namesOfTensors_cannotWriteLinesOfTheirOwn() {
        var tensors = tiny();
        tensors.put("x\nwrote model.safetensors\u001b[2J", RawTensor.of(new float[] {1}, 1));
        Path file = saved(model(), tensors);
        assertThatThrownBy(() -> Predictor.load(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("unexpected: x\\nwrote model")
                .hasMessageNotContainingAny("\nwrote", "\u001b");
    }

    /** Loads a file in a Java of its own with a small heap; what became of it. */
    private static String loadedIn(String heap, Path file) throws Exception {
        var java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loader.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text;
    }

    /** A process that loads a file and says what it got. */
    static final class Loader {
        private Loader() {}

        public static void main(String[] args) {
            try {
                System.out.println(ModelFile.load(Path.of(args[0])).document());
            } catch (RuntimeException told) {
                System.out.println(told);
            }
        }
    }

    private void refused(ModelDocument document, Map<String, RawTensor> tensors, String words) {
        Path file = saved(document, tensors);
        assertThatThrownBy(() -> Predictor.load(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(words)
                .hasMessageContaining("Maybe");
    }

    private Path saved(ModelDocument document, Map<String, RawTensor> tensors) {
        Path file = dir.resolve("m.safetensors");
        ModelFile.save(file, document, tensors);
        return file;
    }

    /** Changes the document and leaves the rest. */
    private static void rewrite(Path file, UnaryOperator<String> change) {
        try (var opened = Safetensors.open(file)) {
            String json = change.apply(opened.metadata().get(ModelFile.KEY));
            Safetensors.write(file, opened.tensors(), Map.of(ModelFile.KEY, json));
        }
    }

    /** Changes the header's text and leaves the bytes of the tensors. */
    private static void rewriteHeader(Path file, UnaryOperator<String> change) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int length =
                    (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
            String changed = change.apply(header);
            assertThat(changed).isNotEqualTo(header);
            byte[] head = changed.getBytes(StandardCharsets.UTF_8);
            byte[] data = java.util.Arrays.copyOfRange(bytes, 8 + length, bytes.length);
            Files.write(
                    file,
                    ByteBuffer.allocate(8 + head.length + data.length)
                            .put(length(head.length))
                            .put(head)
                            .put(data)
                            .array());
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static byte[] length(long length) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }

    private static ModelDocument model() {
        return ModelDocument.of(
                        "image-classification",
                        new Architecture("mobilenet-v2", Map.of("head", "published")),
                        List.of("cat", "dog"))
                .transforms(List.of(RESIZE))
                .normalisation(new Normalisation(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)))
                .activation("softmax");
    }

    private static Map<String, RawTensor> tiny() {
        try (var module = Models.named("mobilenet-v2").create(2)) {
            return new LinkedHashMap<>(Weights.of(module));
        }
    }

    private static Map<String, RawTensor> small() {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", RawTensor.of(new float[] {1, 2, 3, 4}, 2, 2));
        tensors.put("a.bias", RawTensor.of(new float[] {5}, 1));
        tensors.put("b.bias", RawTensor.of(new float[] {6}, 1));
        return tensors;
    }

    private static RawTensor filled(RawTensor like, float value) {
        float[] values = new float[like.size()];
        java.util.Arrays.fill(values, value);
        return RawTensor.of(values, like.shape());
    }

    /** A step with these parameters, the rest as usual. */
    private static Step step(String name, Map<String, Object> parameters) {
        Map<String, Object> all = new LinkedHashMap<>(
                switch (name) {
                    case "resize" -> Transforms.resize(32).parameters();
                    case "randomResizedCrop" -> Transforms.randomResizedCrop(32).parameters();
                    case "resizeShortSide" -> Transforms.resizeShortSide(32).parameters();
                    default -> Map.of();
                });
        all.putAll(parameters);
        return new Step(name, all);
    }
}
