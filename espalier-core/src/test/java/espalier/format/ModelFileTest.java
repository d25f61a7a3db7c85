package espalier.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelDocument.Architecture;
import espalier.format.ModelDocument.Normalisation;
import espalier.format.ModelDocument.Provenance;
import espalier.format.ModelDocument.Step;
import espalier.testing.NoLeaks;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class ModelFileTest {
    @TempDir
    Path dir;

    @Test
    void saved_model_loads_equal() {
        Path path = dir.resolve("m.safetensors");
        ModelDocument saved = ModelFile.save(path, document(), weights(1));
        ModelFile loaded = ModelFile.load(path);
        assertThat(loaded.document()).isEqualTo(saved);
        assertThat(saved.weightsSha256()).hasSize(64);
        assertThat(saved.vocabulary()).containsExactly("<script>alert(1)</script>", "{{7*7}}", "Bär");
        assertThat(loaded.document().history().get(0)).containsEntry("train_loss", 0.5);
        assertThat(loaded.document().transforms().get(0).parameters()).containsEntry("size", 224);
        assertThat(loaded.tensors().get("fc.weight").floats()).containsExactly(1, 1, 1, 1);
        assertThat(loaded.nonFinite()).isEmpty();
        assertThat(ModelFile.inspect(path)).isEqualTo(saved);
        try (var file = Safetensors.open(path)) {
            assertThat(file.metadata().keySet()).containsExactly("espalier");
        }
    }

    @Test
    void same_model_gives_same_bytes() throws IOException {
        ModelFile.save(dir.resolve("a"), document(), weights(1));
        ModelFile.save(dir.resolve("b"), document(), weights(1));
        assertThat(dir.resolve("a")).hasSameBinaryContentAs(dir.resolve("b"));
    }

    @Test
    void M06_flippedBit_isFound() throws IOException {
        Path path = dir.resolve("m.safetensors");
        ModelFile.save(path, document(), weights(1));
        byte[] bytes = Files.readAllBytes(path);
        var random = new Random(4);
        int data = 4 * 5; // four weights and one bias lie at the end
        for (int i = 0; i < 50; i++) {
            byte[] flipped = bytes.clone();
            flipped[flipped.length - 1 - random.nextInt(data)] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, flipped);
            assertThatThrownBy(() -> ModelFile.load(path))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("m.safetensors: the weights are damaged");
            assertThat(ModelFile.loadUnverified(path).tensors()).hasSize(2);
        }
    }

    @Test
    void M07_nonFiniteWeights_areListed() {
        Map<String, RawTensor> weights = weights(1);
        weights.put("nan", RawTensor.of(new float[] {1, Float.NaN}, 2));
        weights.put("inf", RawTensor.of(new float[] {Float.NEGATIVE_INFINITY}, 1));
        Path path = dir.resolve("m.safetensors");
        ModelFile.save(path, document(), weights);
        assertThat(ModelFile.load(path).nonFinite()).containsExactly("nan", "inf");
    }

    /** A model file is no archive: nothing in it becomes a path, and what is doubled in it is refused. */
    @Test
    void M12_archivesAndDoubledDocuments_areRefused() throws IOException {
        Path path = dir.resolve("m.safetensors");
        try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
            for (String name : List.of("../manifest.json", "manifest.json", "Manifest.json", "/etc/model")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(ModelDocumentJson.write(document()).getBytes(StandardCharsets.UTF_8));
            }
        }
        refused(path);
        ModelFile.save(path, document(), weights(1));
        String header = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        String once = "\"espalier\":";
        assertThat(header).contains(once);
        byte[] doubled =
                header.substring(8).replace(once, "\"espalier\":\"{}\"," + once).getBytes(StandardCharsets.ISO_8859_1);
        long length = ByteBuffer.wrap(Files.readAllBytes(path))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong()
                + doubled.length
                - (header.length() - 8);
        Files.write(
                path,
                ByteBuffer.allocate(8 + doubled.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .put(doubled)
                        .array());
        refused(path);
        Map<String, RawTensor> outside = weights(1);
        outside.put("../outside", RawTensor.of(new float[] {1}, 1));
        outside.put("A", RawTensor.of(new float[] {1}, 1));
        outside.put("a", RawTensor.of(new float[] {2}, 1));
        ModelFile.save(path, document(), outside);
        assertThat(ModelFile.load(path).tensors()).containsKeys("../outside", "A", "a");
        try (var files = Files.list(dir)) {
            assertThat(files).as("loading writes nothing").containsExactly(path);
        }
        assertThat(dir.resolveSibling("outside")).doesNotExist();
    }

    private static void refused(Path path) {
        assertThatThrownBy(() -> ModelFile.load(path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("m.safetensors");
    }

    @Test
    void M09_newerVersion_isRefused() {
        Path path = dir.resolve("m.safetensors");
        String json = ModelDocumentJson.write(document())
                .replace("\"format_version\":1", "\"format_version\":2")
                .replace("\"requires\":\"0.1\"", "\"requires\":\"0.7\"");
        Safetensors.write(path, weights(1), Map.of("espalier", json));
        assertThatThrownBy(() -> ModelFile.load(path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("needs Espalier >= 0.7")
                .hasMessageContaining("Maybe update Espalier");
    }

    /** This file was written when the format was released and must load for ever. */
    @Test
    void M09_fileOfVersion1_loads() throws URISyntaxException {
        Path path =
                Path.of(getClass().getResource("/model/format-1.safetensors").toURI());
        ModelFile model = ModelFile.load(path);
        assertThat(model.document().vocabulary()).containsExactly("<script>alert(1)</script>", "{{7*7}}", "Bär");
        assertThat(model.document().created()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
        assertThat(model.document().architecture().options()).containsEntry("classes", 3);
        assertThat(model.document().normalisation().orElseThrow().std()).containsExactly(0.5, 0.25, 0.125);
        assertThat(model.tensors().get("fc.weight").floats()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void unknown_fields_of_same_version_are_ignored() {
        Path path = dir.resolve("m.safetensors");
        ModelDocument document = document().weightsSha256(Safetensors.sha256(weights(1)));
        String json = ModelDocumentJson.write(document)
                .replace("\"format_version\":1", "\"format_version\":1,\"flavour\":{\"@class\":\"java.lang.Runtime\"}");
        Safetensors.write(path, weights(1), Map.of("espalier", json));
        assertThat(ModelFile.load(path).document()).isEqualTo(document);
    }

    @Test
    void M13_documentsOutOfBounds_areRefused() {
        String good = ModelDocumentJson.write(document());
        damaged("[]");
        damaged("null");
        damaged("{}");
        damaged(good.substring(0, good.length() - 1));
        damaged(good + "{}");
        damaged(good.replace("\"format_version\":1", "\"format_version\":0"));
        damaged(good.replace("\"task\":", "\"task\":1,\"task\":"));
        damaged(good.replace("\"image-classification\"", "null"));
        damaged(good.replace("\"Bär\"", "\"{{7*7}}\""));
        damaged(good.replace("\"Bär\"", "null"));
        damaged(good.replace("\"Bär\"", "\"" + "B".repeat(1001) + "\""));
        damaged(good.replace("\"Bär\"", "\"" + "B".repeat(10_000_000) + "\""));
        damaged(good.replace("0.125", "0"));
        damaged(good.replace("\"metrics\":{", "\"metrics\":{\"x\":" + "[".repeat(100) + "]".repeat(100) + ","));
        damaged(good.replace("\"classes\":3", "\"classes\":" + "9".repeat(500)));
        String million = String.join(
                ",",
                IntStream.range(0, 1_000_000).mapToObj(i -> "\"" + i + "\"").toList());
        damaged(good.replace("\"Bär\"", million));
    }

    @Test
    void bare_weights_are_told_from_models() {
        Path path = dir.resolve("w.safetensors");
        Safetensors.write(path, weights(1), Map.of("format", "pt"));
        assertThatThrownBy(() -> ModelFile.load(path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("not a model of Espalier");
    }

    @Test
    void document_is_deeply_immutable() {
        List<Object> inner = new ArrayList<>(List.of(1));
        Map<String, Object> options = new LinkedHashMap<>(Map.of("list", inner));
        var document = ModelDocument.of("t", new Architecture("a", options), List.of());
        inner.add(2);
        options.clear();
        assertThat(document.architecture().options()).containsEntry("list", List.of(1));
        assertThatThrownBy(() -> document.versions().put("x", "y")).isInstanceOf(RuntimeException.class);
        List<Object> self = new ArrayList<>();
        self.add(self);
        assertThatThrownBy(() -> document.metrics(Map.of("self", self)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds itself");
    }

    @Test
    void version_is_that_of_the_build() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<version>" + ModelDocument.ESPALIER_VERSION + "</version>");
    }

    @Test
    void M15_twoProcessesSave_oneCompleteWinner() throws Exception {
        Path path = dir.resolve("m.safetensors");
        List<Process> savers = List.of(saver(path, 1), saver(path, 2));
        int loads = 0;
        while (savers.stream().anyMatch(Process::isAlive)) {
            if (Files.exists(path)) {
                assertComplete(path);
                loads++;
            }
        }
        for (Process saver : savers) {
            assertThat(saver.waitFor()).isZero();
        }
        assertComplete(path);
        assertThat(loads).isPositive();
        try (var files = Files.list(dir)) {
            assertThat(files).containsExactly(path);
        }
    }

    private static Process saver(Path path, int value) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Saver.class.getName(),
                        path.toString(),
                        Integer.toString(value))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A process that saves the same file again and again. */
    static final class Saver {
        private Saver() {}

        public static void main(String[] args) {
            for (int i = 0; i < 40; i++) {
                ModelFile.save(Path.of(args[0]), document(), large(Integer.parseInt(args[1])));
            }
        }
    }

    private static void assertComplete(Path path) {
        float[] values = ModelFile.load(path).tensors().get("x").floats();
        assertThat(values[0]).isIn(1f, 2f);
        assertThat(values[values.length - 1]).isEqualTo(values[0]);
    }

    private void damaged(String json) {
        Path path = dir.resolve("damaged.safetensors");
        Safetensors.write(path, weights(1), Map.of("espalier", json));
        assertThatThrownBy(() -> ModelFile.load(path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("damaged.safetensors: ")
                .hasMessageContaining("Maybe")
                .satisfies(wrong -> assertThat(wrong.getMessage()).hasSizeLessThan(1000));
    }

    private static Map<String, RawTensor> large(int value) {
        float[] values = new float[300_000];
        Arrays.fill(values, value);
        return Map.of("x", RawTensor.of(values, values.length));
    }

    private static Map<String, RawTensor> weights(float value) {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        tensors.put("fc.weight", RawTensor.of(new float[] {value, value, value, value}, 2, 2));
        tensors.put("fc.bias", RawTensor.of(new float[] {value}, 1));
        return tensors;
    }

    static ModelDocument document() {
        Map<String, Object> epoch = new LinkedHashMap<>();
        epoch.put("epoch", 0);
        epoch.put("train_loss", 0.5);
        return new ModelDocument(
                        1,
                        "0.1",
                        "image-classification",
                        new Architecture("efficientnet-lite0", Map.of("classes", 3)),
                        List.of("<script>alert(1)</script>", "{{7*7}}", "Bär"),
                        List.of(),
                        java.util.Optional.empty(),
                        "softmax",
                        List.of(),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Collections.singletonMap("espalier", "0.1.0"),
                        java.util.Optional.empty(),
                        Instant.parse("2026-11-22T00:00:00Z"),
                        "")
                .transforms(List.of(new Step("resize", Map.of("size", 224))))
                .normalisation(new Normalisation(List.of(0.5, 0.25, 0.5), List.of(0.5, 0.25, 0.125)))
                .thresholds(List.of(0.5))
                .history(List.of(epoch))
                .metrics(Map.of("accuracy", 0.75))
                .details(Map.of("note", List.of(1, 2.5, true)))
                .provenance(new Provenance("efficientnet-lite0", "Apache-2.0", "https://example.org", "5793"));
    }
}
