package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.DType;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.predict.Predictor;
import espalier.report.DataException;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTaskTest {
    @TempDir
    Path folder;

    private static TextClassifier trained() {
        return LinearLearner.standard().strengths(3.0).fit(TextGoldens.corpus()).classifier();
    }

    private Path exported() {
        var file = folder.resolve("texts.safetensors");
        trained().export(file, Map.of("accuracy", 0.5), Map.of("note", "small"));
        return file;
    }

    @Test
    void predictor_saysWhatTheClassifierSays() {
        var classifier = trained();
        try (var predictor = Predictor.load(exported())) {
            assertThat(predictor.document().task()).isEqualTo("text-classification");
            assertThat(predictor.classes()).containsExactly("bad", "good", "neutral");
            for (String text :
                    List.of("I love the bus", "", "zzz", "我爱 film 😍", "\ud83d", "x\u0000y", "film ".repeat(1_000))) {
                float[] expected = classifier.probabilities(text);
                float[] ours = predictor.predictText(text).probabilities();
                IntStream.range(0, 3).forEach(k -> assertThat(ours[k]).isCloseTo(expected[k], within(1e-5f)));
            }
            assertThat(predictor.predictText("love love wonderful").label()).isEqualTo("good");
        }
    }

    @Test
    void predictor_takesTwoClassesAndTags() {
        var two = LabelledTexts.of(List.of("yes it is", "no way", "yes yes", "no no"), List.of("1", "0", "1", "0"));
        var tags = LabelledTexts.tags(two.texts(), List.of(List.of("a"), List.of("b"), List.of("a", "b"), List.of()));
        var features = TfIdf.standard().minTexts(1);
        for (var labelled : List.of(two, tags)) {
            var classifier = LinearLearner.standard()
                    .features(features)
                    .folds(2)
                    .fit(labelled)
                    .classifier();
            var file = folder.resolve("model.safetensors");
            classifier.export(file);
            try (var predictor = Predictor.load(file)) {
                assertThat(predictor.document().isMultiLabel()).isEqualTo(labelled.isMultiLabel());
                float[] expected = classifier.probabilities("yes it is");
                float[] ours = predictor.predictText("yes it is").probabilities();
                IntStream.range(0, 2).forEach(k -> assertThat(ours[k]).isCloseTo(expected[k], within(1e-5f)));
            }
        }
    }

    @Test
    void predictor_readsFilesAndFolders() throws Exception {
        Files.writeString(folder.resolve("b.txt"), "\uFEFFI hate this film");
        Files.writeString(folder.resolve("a.txt"), "love, love");
        Files.write(folder.resolve("c.txt"), new byte[] {'o', 'k', (byte) 0xE9, '!'});
        Files.writeString(folder.resolve("picture.png"), "no text");
        try (var predictor = Predictor.load(exported())) {
            var answers = predictor.predictAll(List.of(folder));
            assertThat(answers)
                    .extracting(answer -> answer.file().getFileName().toString())
                    .containsExactly("a.txt", "b.txt", "c.txt");
            assertThat(answers.get(0).prediction().orElseThrow().label()).isEqualTo("good");
            assertThat(answers.get(1).prediction().orElseThrow().label()).isEqualTo("bad");
            assertThat(answers.get(2).error()).contains("it is not UTF-8 (byte 2)");
            assertThat(predictor
                            .predict("I hate this film".getBytes(StandardCharsets.UTF_8))
                            .label())
                    .isEqualTo("bad");
            assertThatThrownBy(() -> predictor.predict(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("takes texts, not pictures");
            assertThatThrownBy(() -> predictor.predictText("x".repeat(TextTask.MOST_BYTES + 1)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Maybe it is several texts");
        }
    }

    @Test
    void M13_classNames_mayBeHostileAndStayText() {
        var names = List.of("<script>alert(1)</script>", "{{7*7}}", "a\nb\u001b[31m");
        var labelled = LabelledTexts.of(
                List.of("one one", "two two", "three three", "one two three"),
                List.of(names.get(0), names.get(1), names.get(2), names.get(0)));
        var file = folder.resolve("hostile.safetensors");
        LinearLearner.standard().folds(2).fit(labelled).classifier().export(file);
        try (var predictor = Predictor.load(file)) {
            assertThat(predictor.classes()).containsExactlyInAnyOrderElementsOf(names);
        }
        var huge =
                LabelledTexts.of(List.of("one one", "two two", "one two"), List.of("x".repeat(10_000_000), "b", "b"));
        var classifier = LinearLearner.standard().folds(2).fit(huge).classifier();
        assertThatThrownBy(() -> classifier.export(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the name of a class must be a text of 1 to 1000 characters");
    }

    @Test
    void load_refusesFilesThatContradictThemselves() {
        var file = ModelFile.load(exported());
        refused(file, "weight", RawTensor.of(new float[] {1, 2, 3}, 3, 1), "the tensor weight has the shape [3, 1]");
        refused(file, "bias", RawTensor.of(new float[] {1}, 1), "the tensor bias has the shape [1]");
        int n = file.tensors().get("ngrams.0.ends").size();
        long[] ends = new long[n];
        refused(file, "ngrams.0.ends", RawTensor.of(ends, n), "goes from byte 0 to 0");
        ends[0] = Long.MAX_VALUE;
        refused(file, "ngrams.0.ends", RawTensor.of(ends, n), "goes from byte 0 to 9223372036854775807");
        refused(file, "ngrams.0.idf", RawTensor.of(new float[] {1}, 1), "and 1 rarities");
        int bytes = file.tensors().get("ngrams.1.names").size();
        var same = RawTensor.of(DType.UINT8, new long[] {bytes}, ByteBuffer.wrap(new byte[bytes]));
        refused(file, "ngrams.1.names", same, "an n-gram occurs twice");
        byte[] broken = new byte[bytes];
        broken[0] = (byte) 0xff;
        refused(
                file,
                "ngrams.1.names",
                RawTensor.of(DType.UINT8, new long[] {bytes}, ByteBuffer.wrap(broken)),
                "name 0 is not UTF-8");
        refused(file, "ngrams.1.names", RawTensor.of(new float[] {1}, 1), "missing or not of the type uint8");
    }

    private void refused(ModelFile file, String name, RawTensor tensor, String message) {
        Map<String, RawTensor> tensors = new LinkedHashMap<>(file.tensors());
        tensors.put(name, tensor);
        refused(file.document(), tensors, message);
    }

    private void refused(ModelDocument document, Map<String, RawTensor> tensors, String message) {
        var wrong = folder.resolve("wrong.safetensors");
        ModelFile.save(wrong, document, tensors);
        assertThatThrownBy(() -> Predictor.load(wrong))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("cannot be used")
                .hasMessageContaining(message)
                .hasMessageContaining("Maybe");
    }

    @Test
    void load_refusesDocumentsThatSayTheImpossible() {
        var file = ModelFile.load(exported());
        var options = new LinkedHashMap<>(file.document().architecture().options());
        options.put("ngrams", List.of(Map.of("of", "words", "least", 1, "most", 2, "tokenizer", "secret")));
        var document = ModelDocument.of(
                "text-classification", new ModelDocument.Architecture("linear", options), List.of("a", "b", "c"));
        refused(document, file.tensors(), "there is no tokenizer named secret");
        options.put("ngrams", List.of());
        refused(
                ModelDocument.of(
                        "text-classification",
                        new ModelDocument.Architecture("linear", options),
                        List.of("a", "b", "c")),
                file.tensors(),
                "names no kind of n-grams");
    }
}
