package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.item.Item;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import espalier.text.LabelledTexts.Parts;
import espalier.text.TextArchitecture.Recurrent;
import espalier.token.Tokenizers;
import espalier.token.WordVectors;
import espalier.train.EpochResult;
import espalier.train.Learner;
import espalier.train.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class TextLearnerTest {
    private static final Field FIELD = Field.text().lower().tokenize(Tokenizers.words());

    @TempDir
    Path folder;

    /** Texts of different lengths, whose class one word decides. */
    static LabelledTexts texts(int count) {
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(
                    "today " + "really ".repeat(i % 7) + (i % 2 == 0 ? "good" : "bad") + " news " + "! ".repeat(i % 3));
            labels.add(i % 2 == 0 ? "good" : "bad");
        }
        return LabelledTexts.of(texts, labels);
    }

    private static TextLoaders loaders(LabelledTexts texts) {
        var parts = texts.split(1, 0.2, 0.2);
        return TextLoaders.of(parts, TextLoaders.field(FIELD, parts.train(), 100, 1))
                .batchSize(8);
    }

    private static TextArchitecture small(String name) {
        var architecture = TextArchitecture.named(name).embedding(12).dropout(0);
        return architecture.encoder() instanceof Recurrent recurrent
                ? architecture.encoder(recurrent.hidden(8))
                : architecture;
    }

    private static Learner<List<String>> learner(TextArchitecture architecture) {
        return TextLearner.of(loaders(texts(60)).loaders(), architecture)
                .precision(Precision.FLOAT32)
                .metrics(Metrics.accuracy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bag", "cnn", "gru", "lstm", "rnn"})
    void learner_findsTheWordThatDecides(String name) {
        try (var learner = learner(small(name))) {
            learner.fit(8, Rates.of(2e-2));
            var last = learner.history().last().orElseThrow();
            assertThat(last.metrics().get("accuracy").orElseThrow()).isEqualTo(1);
            var file = folder.resolve("texts.safetensors");
            learner.export(file);
            var outputs = learner.predictions(learner.loaders().test());
            try (var predictor = Predictor.load(file)) {
                assertThat(predictor.document().task()).isEqualTo("text-classification");
                assertThat(predictor.classes()).containsExactly("bad", "good");
                assertThat(predictor.engine()).startsWith("libtorch");
                assertThat(predictor.predictText("GOOD news!").label()).isEqualTo("good");
                assertThat(predictor.predictText("really bad").label()).isEqualTo("bad");
                var test = texts(60).split(1, 0.2, 0.2).test();
                for (int i = 0; i < outputs.items().size(); i++) {
                    int place = Integer.parseInt(outputs.items().get(i).id().substring(5));
                    float[] alone =
                            predictor.predictText(test.texts().get(place)).probabilities();
                    assertThat(alone).containsExactly(outputs.probabilities()[i], within(1e-5f));
                }
                for (String text : List.of("", " ", "<pad> <pad>", "zzz 我爱 😍", "\ud83d", "x ".repeat(5_000))) {
                    assertThat(predictor.predictText(text).probabilities()).hasSize(2);
                }
                var task = (TextTask) predictor.task();
                assertThat(task.classifier()).isEmpty();
                double with = predictor.predictText("good news").probabilities()[1];
                double without = predictor.predictText("news").probabilities()[1];
                assertThat(task.model().explain("good news", 1, 5))
                        .filteredOn(one -> one.ngram().equals("good"))
                        .allSatisfy(one -> assertThat(one.weight()).isCloseTo(with - without, within(1e-5)))
                        .hasSize(1);
            }
        }
    }

    @Test
    void sameSeed_givesTheSameHistory() {
        List<List<Double>> losses = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (var learner = learner(small("lstm").dropout(0.3))) {
                losses.add(learner.fit(2, Rates.of(1e-2)).epochs().stream()
                        .map(EpochResult::trainLoss)
                        .toList());
            }
        }
        assertThat(losses.get(0)).isEqualTo(losses.get(1));
    }

    @Test
    void loaders_bringTextsOfOneLengthTogether() {
        var loaders = loaders(texts(200)).loaders();
        var block = (TextBlock) loaders.input();
        try (var learner = TextLearner.of(loaders, small("bag"))) {
            learner.fit(1, Rates.of(1e-3));
        }
        assertThat(block.padding()).isBetween(0.0, 0.1);
        int[] lengths = loaders.valid().dataset().items().stream()
                .mapToInt(block::length)
                .toArray();
        assertThat(lengths).hasSize(40);
        assertThat(block.length(new Item("none", Path.of("none")))).isZero();
    }

    @Test
    void tags_areLearnedToo() {
        var texts = IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? "sun " : "") + (i % 3 == 0 ? "rain " : "") + "today")
                .toList();
        var tags = IntStream.range(0, 40)
                .mapToObj(i -> {
                    List<String> own = new ArrayList<>();
                    if (i % 2 == 0) {
                        own.add("sunny");
                    }
                    if (i % 3 == 0) {
                        own.add("wet");
                    }
                    return own;
                })
                .toList();
        try (var learner = TextLearner.of(
                loaders(LabelledTexts.tags(texts, List.copyOf(tags))).loaders(), small("gru"))) {
            learner.fit(12, Rates.of(2e-2));
            var file = folder.resolve("tags.safetensors");
            learner.export(file);
            try (var predictor = Predictor.load(file)) {
                assertThat(predictor.predictText("sun and rain").labels()).containsExactly("sunny", "wet");
                assertThat(predictor.predictText("today").labels()).isEmpty();
            }
        }
    }

    @Test
    void vectors_areWhereTheNetworkStarts() {
        var loaders = loaders(texts(20));
        int size = loaders.field().vocabulary().orElseThrow().size();
        float[] values = new float[size * 12];
        java.util.Arrays.fill(values, 0.5f);
        var start = TextLearner.Start.scratch().vectors(new WordVectors(12, values, 0));
        try (var learner = TextLearner.of(loaders.loaders(), small("lstm"), start)) {
            assertThat(learner.model()
                            .parameters()
                            .get("embedding.weight")
                            .detach()
                            .toFloatArray())
                    .containsOnly(0.5f);
        }
        assertThatThrownBy(() -> TextLearner.of(loaders.loaders(), small("lstm").embedding(10), start))
                .hasMessageContaining("Maybe embedding(12)");
    }

    @Test
    void field_isStoredAsData() {
        var field = FIELD.stopWords(Set.of("the"))
                .initToken("xxbos")
                .eosToken("xxeos")
                .fixLength(9)
                .truncateFirst()
                .buildVocabulary(List.of(List.of("a", "b")));
        var reader = new TextReader(field);
        var again = TextReader.from(reader.toMap(), reader.vocabulary().itos());
        assertThat(again.toMap()).isEqualTo(reader.toMap());
        assertThat(again.batch(List.of(List.of("a", "b", "c"))).toLongArray())
                .isEqualTo(reader.batch(List.of(List.of("a", "b", "c"))).toLongArray());
        assertThat(again.tokens("x ".repeat(2_000) + "the end"))
                .hasSize(TextReader.MOST_TOKENS)
                .endsWith("x", "end");
        assertThatThrownBy(() -> new TextReader(field.padFirst())).hasMessageContaining("padded at the end");
        assertThatThrownBy(() -> new TextReader(field.preprocessing(tokens -> tokens)).toMap())
                .hasMessageContaining("code of its own");
    }

    @Test
    void M13_damagedFiles_areRefused() {
        var file = folder.resolve("texts.safetensors");
        try (var learner = learner(small("lstm"))) {
            learner.export(file);
        }
        refused(file, Map.of("hidden", 60_000), "weights, but the file has");
        refused(file, Map.of("hidden", -1), "from 1 to 65536");
        refused(file, Map.of("layers", 1_000_000), "from 1 to 64");
        refused(file, Map.of("pooling", "worst"), "cannot be used");
        refused(file, Map.of("field", "none"), "how texts are read");
        refused(file, Map.of("field", Map.of("tokenizer", "words", "specials", 7_000)), "special tokens");
        var stored = ModelFile.load(file);
        Map<String, RawTensor> tensors = new LinkedHashMap<>(stored.tensors());
        tensors.remove("vocabulary.ends");
        var damaged = folder.resolve("damaged.safetensors");
        ModelFile.save(damaged, stored.document(), tensors);
        assertThatThrownBy(() -> Predictor.load(damaged))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("vocabulary.ends is missing");
    }

    private void refused(Path file, Map<String, Object> changes, String message) {
        var stored = ModelFile.load(file);
        Map<String, Object> options =
                new HashMap<>(stored.document().architecture().options());
        options.putAll(changes);
        var old = stored.document();
        var document = ModelDocument.of(old.task(), new ModelDocument.Architecture("lstm", options), old.vocabulary())
                .activation(old.activation());
        var changed = folder.resolve("changed.safetensors");
        ModelFile.save(changed, document, stored.tensors());
        assertThatThrownBy(() -> Predictor.load(changed))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void loaders_ofOtherThings_areRefused() {
        var parts = new Parts(texts(10), texts(4), texts(4));
        assertThatThrownBy(() -> TextLoaders.of(parts, FIELD).loaders()).hasMessageContaining("buildVocabulary");
    }
}
