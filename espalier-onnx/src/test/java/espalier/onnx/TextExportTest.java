package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import espalier.format.ModelFileException;
import espalier.optim.Rates;
import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.predict.TokenTask;
import espalier.tensor.Recurrent.Cell;
import espalier.testing.NoLeaks;
import espalier.text.Field;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import espalier.text.TextArchitecture;
import espalier.text.TextArchitecture.Bag;
import espalier.text.TextArchitecture.Convolutional;
import espalier.text.TextArchitecture.Pooling;
import espalier.text.TextArchitecture.Recurrent;
import espalier.text.TextLearner;
import espalier.text.TextLoaders;
import espalier.text.TfIdf;
import espalier.token.Tokenizers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class TextExportTest {
    private static final List<String> TEXTS = List.of(
            "good good film", "", "a bad day , a bad film !", "unheard-of", "bad", "Good 我爱 \ud83d\ude0d <pad> film");

    @TempDir
    Path folder;

    static Stream<TextArchitecture> networks() {
        List<TextArchitecture> all = new ArrayList<>();
        for (var cell : List.of(Cell.LSTM, Cell.GRU, Cell.RNN)) {
            for (var pooling : Pooling.values()) {
                var one = Recurrent.of(cell).hidden(6).pooling(pooling);
                all.add(TextArchitecture.of(one).embedding(5));
                all.add(TextArchitecture.of(one.layers(2).bothDirections()).embedding(5));
            }
        }
        all.add(TextArchitecture.of(new Convolutional(4, List.of(2, 3, 4))).embedding(5));
        all.add(TextArchitecture.of(new Bag()).embedding(5));
        var awd = TextArchitecture.awdLstm();
        all.add(awd.encoder(awd.encoder().options(Map.of("hidden", 7, "layers", 2)))
                .embedding(5));
        return all.stream();
    }

    private static LabelledTexts labelled() {
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean good = i % 2 == 0;
            texts.add((good ? "a good day , good film " : "a bad film ") + "! ".repeat(i % 5));
            labels.add(good ? "good" : "bad");
        }
        return LabelledTexts.of(texts, labels);
    }

    private Path trained(LabelledTexts texts, Field field, TextArchitecture architecture) {
        var parts = texts.split(1, 0.2, 0.2);
        var known = TextLoaders.field(field, parts.train(), 100, 1);
        var loaders = TextLoaders.of(parts, known).batchSize(8).loaders();
        Path model = folder.resolve("model.safetensors");
        try (var learner = TextLearner.of(loaders, architecture)) {
            learner.fit(1, Rates.of(1e-2));
            learner.export(model);
        }
        return model;
    }

    /** The same from both engines, of texts alone and of all in one batch. */
    private static void answersAreEqual(Path model, Path onnx) {
        try (var expected = Predictor.load(model, Engines.LIBTORCH);
                var actual = Predictor.load(onnx)) {
            assertThat(actual.task()).isInstanceOf(TokenTask.class);
            assertThat(actual.document()).as("has no vocabulary").isEqualTo(expected.document());
            var inputs = TEXTS.stream().map(actual::readText).toList();
            var together = actual.predictInputs(inputs);
            for (int i = 0; i < TEXTS.size(); i++) {
                float[] right = expected.predictText(TEXTS.get(i)).probabilities();
                assertThat(together.get(i).probabilities()).as(TEXTS.get(i)).containsExactly(right, within(1e-5f));
                assertThat(actual.predictText(TEXTS.get(i)).probabilities()).containsExactly(right, within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void network_answersAsInLibtorch(TextArchitecture architecture) throws IOException {
        var field = Field.text().lower().tokenize(Tokenizers.tweets());
        Path model = trained(labelled(), field, architecture);
        Path out = folder.resolve("model.onnx");

        var result = OnnxExport.of(model, out).run();

        assertThat(result.difference()).isLessThan(1e-5);
        assertThat(result.shape()).containsExactly("N", "T");
        answersAreEqual(model, out);
    }

    @Test
    void tagsAndEveryOptionOfAField_answerAsInLibtorch() throws IOException {
        var texts = labelled();
        var tags = new ArrayList<List<String>>();
        for (int i = 0; i < texts.texts().size(); i++) {
            tags.add(i % 2 == 0 ? List.of("good", "film") : i % 4 == 1 ? List.of("film") : List.of());
        }
        var field = Field.text()
                .tokenize(Tokenizers.words())
                .stopWords(java.util.Set.of("a"))
                .initToken("<s>")
                .eosToken("</s>")
                .padToken("_")
                .unkToken("?")
                .fixLength(6)
                .truncateFirst();
        Path model = trained(
                LabelledTexts.tags(texts.texts(), tags),
                field,
                TextArchitecture.of(Recurrent.of(Cell.GRU).hidden(6)).embedding(5));
        Path out = folder.resolve("tags.onnx");

        OnnxExport.of(model, out).run();

        answersAreEqual(model, out);
        try (var predictor = Predictor.load(out)) {
            assertThat(predictor.document().isMultiLabel()).isTrue();
        }
    }

    @Test
    void file_isPredictedByAProcessWithoutLibtorchAndOpenCv() throws Exception {
        Path model =
                trained(labelled(), Field.text(), TextArchitecture.of(new Bag()).embedding(5));
        Path out = folder.resolve("bag.onnx");
        OnnxExport.of(model, out).run();
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String small = Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*(pytorch|opencv|openblas|espalier-core).*"))
                .collect(Collectors.joining(File.pathSeparator));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");

        var process = new ProcessBuilder(
                        java.toString(), "-cp", small, PredictText.class.getName(), out.toString(), "good")
                .redirectError(folder.resolve("err").toFile())
                .start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("err")))
                .isZero();
        try (var predictor = Predictor.load(model, Engines.LIBTORCH)) {
            float[] expected = predictor.predictText("good").probabilities();
            float[] actual = new float[expected.length];
            var lines = printed.lines().toList();
            for (int i = 0; i < actual.length; i++) {
                actual[i] = Float.parseFloat(lines.get(i));
            }
            assertThat(actual).containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void quantities_answerAsInLibtorch() throws IOException {
        var texts = labelled().texts();
        float[][] values = new float[texts.size()][];
        Arrays.setAll(values, i -> new float[] {1 + i % 2, 1_000 + 10 * i});
        Path model = trained(
                LabelledTexts.quantities(List.of("stars", "price"), texts, values),
                Field.text(),
                TextArchitecture.of(Recurrent.of(Cell.LSTM).hidden(6)).embedding(5));
        Path out = folder.resolve("numbers.onnx");

        OnnxExport.of(model, out).run();

        try (var expected = Predictor.load(model, Engines.LIBTORCH);
                var actual = Predictor.load(out)) {
            for (String text : TEXTS) {
                var right = expected.predictText(text).values();
                var said = actual.predictText(text).values();
                assertThat(said.get("stars")).isCloseTo(right.get("stars"), within(1e-5));
                assertThat(said.get("price"))
                        .isCloseTo(right.get("price"), within(1e-2))
                        .isBetween(500.0, 2_000.0);
            }
        }
    }

    @Test
    void file_holdsTokenizerVocabularyAndGoldenTexts() throws IOException {
        Path model =
                trained(labelled(), Field.text(), TextArchitecture.of(new Bag()).embedding(5));
        Path out = folder.resolve("bag.onnx");

        OnnxExport.of(model, out).run();

        var onnx = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(out));
        var metadata = new LinkedHashMap<String, String>();
        onnx.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        assertThat(metadata.get("espalier")).contains("\"vocabulary\"", "\"<unk>\"", "\"film\"", "\"tokenizer\"");
        assertThat(metadata).containsKeys("golden_input", "golden_output", "golden_texts");
        assertThat(metadata.get("golden_shape")).startsWith("[3, ");
        var shape = onnx.getGraph().getInput(0).getType().getTensorType().getShape();
        assertThat(List.of(shape.getDim(0).getDimParam(), shape.getDim(1).getDimParam()))
                .containsExactly("N", "T");
    }

    @Test
    void linearModel_isRefusedWithWhatToDo() {
        Path model = folder.resolve("linear.safetensors");
        LinearLearner.standard()
                .features(TfIdf.standard().minTexts(1))
                .folds(2)
                .fit(labelled())
                .classifier()
                .export(model);
        Path out = folder.resolve("linear.onnx");

        assertThatThrownBy(() -> OnnxExport.of(model, out).run())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("linear.safetensors cannot be exported: it counts n-grams")
                .hasMessageContaining("Maybe");
        assertThat(out).doesNotExist();
    }

    @Test
    void damagedDocument_isRefused() throws IOException {
        Path model =
                trained(labelled(), Field.text(), TextArchitecture.of(new Bag()).embedding(5));
        Path out = folder.resolve("bag.onnx");
        OnnxExport.of(model, out).run();
        var onnx = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(out)).toBuilder();
        for (var change : List.of(
                Map.entry("\"pad_token\"", "\"no_token\""),
                Map.entry("\"field\"", "\"fields\""),
                Map.entry("\"field\":", "\"field\":7,\"fields\":"),
                Map.entry("\"vocabulary\":[\"<unk>\"", "\"vocabulary\":[\"<other>\""))) {
            var changed = onnx.clone();
            changed.getMetadataPropsBuilderList().stream()
                    .filter(entry -> entry.getKey().equals("espalier"))
                    .forEach(entry -> entry.setValue(entry.getValue().replace(change.getKey(), change.getValue())));
            Path file = folder.resolve("changed.onnx");
            Files.write(file, changed.build().toByteArray());

            assertThatThrownBy(() -> Predictor.load(file))
                    .as(change.getValue())
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("Maybe");
        }
    }
}
