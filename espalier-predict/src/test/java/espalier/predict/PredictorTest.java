package espalier.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.DType;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.report.DataException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prediction with what this module has alone, and an engine of the test's own. */
class PredictorTest {
    @TempDir
    Path folder;

    private Path model;
    private ClassLoader usual;

    /** The engine is found as one in a user's jar is, and by this test alone. */
    @BeforeEach
    void addEngine() throws IOException {
        Path services = Files.createDirectories(folder.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve(Engine.Provider.class.getName()), ColourEngine.Provider.class.getName());
        var thread = Thread.currentThread();
        usual = thread.getContextClassLoader();
        thread.setContextClassLoader(
                new URLClassLoader(new URL[] {folder.resolve("jar").toUri().toURL()}, usual));
    }

    @AfterEach
    void removeEngine() {
        Thread.currentThread().setContextClassLoader(usual);
    }

    @BeforeEach
    void write() throws IOException {
        model = folder.resolve("model" + ColourEngine.ENDING);
        Files.writeString(model, document("image-classification").toJson());
    }

    private static ModelDocument document(String task) {
        var resize = Transforms.resize(8);
        return ModelDocument.of(
                        task, new ModelDocument.Architecture("colour", Map.of()), List.of("red", "green", "blue"))
                .transforms(List.of(new ModelDocument.Step(resize.name(), resize.parameters())))
                .activation("softmax");
    }

    private Path photo(String name, int red, int green, int blue) throws IOException {
        byte[] data = new byte[3 * 20 * 30];
        for (int i = 0; i < data.length; i += 3) {
            data[i] = (byte) red;
            data[i + 1] = (byte) green;
            data[i + 2] = (byte) blue;
        }
        Path file = folder.resolve(name);
        Files.write(file, ImageWriter.png(Image.of(20, 30, data)));
        return file;
    }

    @Test
    void engineOfOnesOwn_isFoundPredictsAndIsClosed() throws IOException {
        Path green = photo("green.png", 10, 200, 40);
        ColourEngine engine;
        try (var predictor = Predictor.load(model)) {
            engine = ColourEngine.Provider.last.orElseThrow();
            assertThat(predictor.engine()).isEqualTo("colour 1");
            var answer = predictor.predict(green);
            assertThat(answer.label()).isEqualTo("green");
            assertThat(answer.probability()).isBetween(0.79, 0.81);
            assertThat(predictor.predict(Files.readAllBytes(green)).label()).isEqualTo("green");
        }
        assertThat(engine.isClosed).isTrue();
        assertThat(Engines.names()).contains("colour").doesNotContain(Engines.LIBTORCH);
    }

    @Test
    void folder_isPredictedInOrderAndBrokenFilesGetTheirReason() throws IOException {
        photo("b.png", 0, 0, 255);
        photo("a.png", 255, 0, 0);
        Files.writeString(folder.resolve("c.png"), "no picture");
        try (var predictor = Predictor.load(model)) {
            var answers = predictor.predictAll(List.of(folder));
            assertThat(answers)
                    .extracting(answer -> answer.file().getFileName().toString())
                    .containsExactly("a.png", "b.png", "c.png");
            assertThat(answers.get(0).prediction().orElseThrow().label()).isEqualTo("red");
            assertThat(answers.get(1).prediction().orElseThrow().label()).isEqualTo("blue");
            assertThat(answers.get(2).error().orElseThrow()).contains("not an image");
        }
    }

    /** Pictures in the order of their names, each with another share of red; one is none. */
    private Path manyPictures(int count) throws IOException {
        Files.createDirectories(folder.resolve("many"));
        for (int i = 0; i < count; i++) {
            photo(String.format("many/%03d.png", i), i, 255 - i, 0);
        }
        Files.writeString(folder.resolve("many/050.png"), "no picture");
        return folder.resolve("many");
    }

    @Test
    void manyFiles_arePredictedSideBySide_inOrder() throws IOException {
        Path many = manyPictures(101);
        try (var predictor = Predictor.load(model)) {
            var engine = ColourEngine.Provider.last.orElseThrow();
            var answers = predictor.predictAll(List.of(many));
            assertThat(answers).hasSize(101);
            for (int i = 0; i < 101; i++) {
                var answer = answers.get(i);
                assertThat(answer.file()).isEqualTo(many.resolve(String.format("%03d.png", i)));
                assertThat(answer.error().isPresent()).isEqualTo(i == 50);
                if (i != 50) {
                    assertThat(answer.prediction().orElseThrow().probabilities()[0])
                            .isCloseTo(i / 255f, within(1e-5f));
                }
            }
            assertThat(engine.calls).hasValue(0);
            assertThat(engine.many.calls).hasValue(13);
        }
    }

    @Test
    void manyFiles_whenTheConsumerFails_noRunGoesOnAfterwards() throws IOException {
        Path many = manyPictures(101);
        try (var predictor = Predictor.load(model)) {
            assertThatThrownBy(() -> predictor.predictAll(List.of(many), answer -> {
                        throw new IllegalStateException("disk is full");
                    }))
                    .hasMessage("disk is full");
            var engine = ColourEngine.Provider.last.orElseThrow().many;
            assertThat(engine.underWay).hasValue(0);
            assertThat(engine.calls.get()).isLessThan(13);
        }
    }

    @Test
    void fewFiles_needNoOtherEngine() throws IOException {
        Path few = photo("few.png", 1, 2, 3);
        try (var predictor = Predictor.load(model)) {
            predictor.predictAll(List.of(few, few));
            assertThat(ColourEngine.Provider.last.orElseThrow().many).isNull();
        }
    }

    @Test
    void modelFileWithoutAnEngine_saysWhatToAdd() {
        Path file = folder.resolve("model.safetensors");
        var weight = RawTensor.of(DType.UINT8, new long[] {2}, ByteBuffer.allocate(2));
        ModelFile.save(file, document("image-classification"), Map.of("weight", weight));

        assertThatThrownBy(() -> Predictor.load(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("espalier-core")
                .hasMessageContaining("espalier export");
    }

    @Test
    void engineThatIsNotThere_isNamedWithThoseThatAre() {
        assertThatThrownBy(() -> Predictor.load(model, "onnxruntime"))
                .hasMessageContaining("expected one of auto, colour");
    }

    @Test
    void text_isRefusedByAModelForPictures() {
        try (var predictor = Predictor.load(model)) {
            assertThatThrownBy(() -> predictor.predictText("hello")).isInstanceOf(DataException.class);
        }
    }

    /** Only libtorch computes elsewhere, and it is not in this module. */
    @Test
    void device_otherThanTheProcessor_isNotForEnginesThatOnlyPredict() {
        Engines.device("cuda:1");
        try {
            assertThatThrownBy(() -> Engines.open(Path.of("x" + ColourEngine.ENDING), "colour"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the engine colour computes on the processor, not on cuda:1")
                    .hasMessageContaining("libtorch");
        } finally {
            Engines.device("auto");
        }
        assertThat(Engines.device()).isEqualTo("auto");
    }
}
