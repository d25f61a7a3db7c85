package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.loss.Activation;
import espalier.predict.Engine;
import espalier.predict.Engines;
import espalier.predict.ImageTask;
import espalier.predict.Inputs;
import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import espalier.vision.ImageGradCam;
import espalier.vision.ImageNetwork;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class ExportedModelsTest {
    private static final int SIDE = 48;

    @TempDir
    Path folder;

    private Path cache;
    private Path model;
    private ModelFile file;
    private ExportedModels models;

    @BeforeEach
    void save() {
        cache = folder.resolve("cache");
        model = SavedModels.save(
                folder.resolve("model.safetensors"), Models.mobileNetV2(), "transfer", Activation.SOFTMAX, SIDE);
        file = ModelFile.load(model);
        models = new ExportedModels(cache);
    }

    private Path photo() throws IOException {
        byte[] bytes = new byte[90 * 70 * 3];
        new Random(1).nextBytes(bytes);
        return Files.write(folder.resolve("photo.jpg"), ImageWriter.jpeg(Image.of(90, 70, bytes), 90));
    }

    private static Inputs pictures(int count) {
        byte[] bytes = new byte[count * SIDE * SIDE * 3];
        new Random(2).nextBytes(bytes);
        return Inputs.of(bytes, count, SIDE, SIDE, 3);
    }

    private List<Path> exports() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.toList();
        }
    }

    @Test
    void formForMany_takesOneThreadARunAndGivesTheSameAnswers() {
        var pictures = pictures(5);
        Engine many;
        try (Engine engine = models.open(file).orElseThrow()) {
            many = engine.parallel();
            assertThat(many).isSameAs(engine.parallel());
            assertThat(many.runs()).isEqualTo(Runtime.getRuntime().availableProcessors());
            float[][] expected = engine.probabilities(pictures);
            float[][] actual = many.probabilities(pictures);
            for (int i = 0; i < 5; i++) {
                assertThat(actual[i]).containsExactly(expected[i], within(1e-5f));
            }
        }
        assertThatThrownBy(() -> many.probabilities(pictures)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void model_isExportedOnceAndAnswersAsInLibtorch() throws IOException {
        var pictures = pictures(7);
        try (var task = ImageNetwork.task(file);
                Engine first = models.open(file).orElseThrow()) {
            var expected = task.libtorch().orElseThrow().probabilities(pictures);
            Path export = exports().get(0);
            var written = Files.size(export);
            Files.write(folder.resolve("copy"), Files.readAllBytes(export));
            try (Engine second = models.open(file).orElseThrow()) {
                for (int i = 0; i < 7; i++) {
                    assertThat(first.probabilities(pictures)[i]).containsExactly(expected[i], within(1e-5f));
                    assertThat(second.probabilities(pictures)[i]).containsExactly(first.probabilities(pictures)[i]);
                }
            }
            assertThat(exports()).containsExactly(export);
            assertThat(Files.size(export)).isEqualTo(written);
            assertThat(export).hasSameBinaryContentAs(folder.resolve("copy"));
            assertThat(first.name()).startsWith("onnxruntime 1.");
        }
    }

    @Test
    void exportThatWasDamaged_isWrittenAnew() throws IOException {
        models.open(file).orElseThrow().close();
        Path export = exports().get(0);
        byte[] whole = Files.readAllBytes(export);
        Files.write(export, java.util.Arrays.copyOf(whole, whole.length / 2));

        try (Engine engine = models.open(file).orElseThrow()) {
            assertThat(engine.probabilities(pictures(1))[0]).hasSize(SavedModels.CLASSES);
        }
        assertThat(export).hasBinaryContent(whole);
    }

    @Test
    void cacheThatCannotBeWritten_costsNothingButTime() throws IOException {
        Files.writeString(cache, "a file where the folder should be");

        try (Engine engine = models.open(file).orElseThrow()) {
            assertThat(engine.probabilities(pictures(1))[0]).hasSize(SavedModels.CLASSES);
        }
    }

    @Test
    void modelForPicturesOfAnySize_staysWithLibtorchAndIsNotTriedAgain() throws IOException {
        var any = ModelFile.load(SavedModels.save(
                folder.resolve("any.safetensors"), Models.mobileNetV2(), "transfer", Activation.SOFTMAX, List.of()));

        assertThat(models.open(any)).isEmpty();
        assertThat(exports()).hasSize(1).first().asString().endsWith(".failed");
        Path failure = exports().get(0);
        assertThat(failure).content().contains("pictures of any size");
        Files.writeString(failure, "kept as it is");
        assertThat(models.open(any)).isEmpty();
        assertThat(failure).hasContent("kept as it is");
        models.open(file).orElseThrow().close(); // another model is not hindered by it
    }

    @Test
    void manyExports_leaveTheOldest() throws IOException {
        Files.createDirectories(cache);
        for (int i = 0; i < 25; i++) {
            Path old = Files.writeString(cache.resolve(i + ".onnx"), "old");
            assertThat(old.toFile().setLastModified(1_000_000L * (i + 1))).isTrue();
        }
        models.open(file).orElseThrow().close();

        assertThat(exports()).hasSize(20).contains(cache.resolve("24.onnx")).doesNotContain(cache.resolve("5.onnx"));
    }

    @Test
    void onnxFile_predictsWithoutAModelFileButCannotExplain() throws IOException {
        Path photo = photo();
        for (var input : OnnxExport.Input.values()) {
            Path onnx = folder.resolve(input + ".onnx");
            OnnxExport.of(model, onnx).input(input).run();
            try (var expected = Predictor.load(model, Engines.LIBTORCH);
                    var predictor = Predictor.load(onnx)) {
                assertThat(predictor.engine()).startsWith("onnxruntime ");
                assertThat(predictor.classes()).isEqualTo(expected.classes());
                assertThat(predictor.predict(photo).probabilities())
                        .containsExactly(expected.predict(photo).probabilities(), within(1e-5f));
                var cam = ImageGradCam.of(predictor).orElseThrow();
                assertThat(cam.canExplain()).isFalse();
                assertThatThrownBy(() -> cam.overlay(photo, 0)).hasMessageContaining("ONNX file");
            }
        }
    }

    @Test
    void engineBesideLibtorch_stillExplainsByLibtorch() throws IOException {
        Path photo = photo();
        try (var engine = models.open(file).orElseThrow();
                var task = new ImageTask.Provider()
                        .open(file.document(), engine, Optional.of(file))
                        .orElseThrow();
                var predictor = Predictor.of(task);
                var libtorch = Predictor.load(model, Engines.LIBTORCH)) {
            assertThat(predictor.engine()).startsWith("onnxruntime ");
            var cam = ImageGradCam.of(predictor).orElseThrow();
            assertThat(cam.canExplain()).isTrue();
            var expected = ImageGradCam.of(libtorch).orElseThrow().overlay(photo, 1);
            assertThat(cam.overlay(photo, 1).getRGB(20, 20)).isEqualTo(expected.getRGB(20, 20));
        }
    }

    /** The weights are not even read where there is an export of them, so nothing is told of damage that harms nobody. */
    @Test
    void weights_areReadOnlyWhereTheyAreNeeded() throws IOException {
        Path photo = photo();
        float[] expected;
        try (var first = Predictor.load(model)) {
            expected = first.predict(photo).probabilities();
        }
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 1] ^= 1;
        Files.write(model, bytes);

        try (var second = Predictor.load(model)) {
            assertThat(second.predict(photo).probabilities()).containsExactly(expected);
            var cam = ImageGradCam.of(second).orElseThrow();
            assertThatThrownBy(() -> cam.overlay(photo, 0)).hasMessageContaining("damaged");
        }
        assertThatThrownBy(() -> Predictor.load(model, Engines.LIBTORCH))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void modelFileThatWasReplaced_isNotExplainedByTheNewOne() throws IOException {
        Path photo = photo();
        Predictor.load(model).close(); // exported
        try (var predictor = Predictor.load(model)) {
            SavedModels.save(model, Models.mobileNetV2(), "transfer", Activation.SIGMOID, SIDE);

            var cam = ImageGradCam.of(predictor).orElseThrow();
            assertThatThrownBy(() -> cam.overlay(photo, 0))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("was replaced while it was in use");
        }
    }

    @Test
    void engineThatDoesNotFit_isSaid() {
        assertThatThrownBy(() -> Predictor.load(model, "tensorrt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("auto, onnxruntime, libtorch");
        Path onnx = folder.resolve("none.onnx");
        assertThatThrownBy(() -> Predictor.load(onnx, Engines.LIBTORCH))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("ONNX file");
    }
}
