package espalier.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HuggingFaceTokenizerTest {
    @TempDir
    Path folder;

    private static String golden(String name) throws IOException {
        try (var in = HuggingFaceTokenizerTest.class.getResourceAsStream("/golden/tokenizers/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Integer> numbers(JsonNode array) {
        var all = new ArrayList<Integer>();
        array.forEach(one -> all.add(one.asInt()));
        return all;
    }

    private static List<String> texts(JsonNode array) {
        var all = new ArrayList<String>();
        array.forEach(one -> all.add(one.asString()));
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "cased",
                "gpt2",
                "llama2",
                "llama3",
                "unigram",
                "unigram_first",
                "word_level",
                "words_end"
            })
    void tokens_areThoseOfHuggingFace(String name) throws IOException {
        var tokenizer = HuggingFaceTokenizer.of(golden(name));
        var expected = JsonMapper.builder().build().readTree(golden("expected"));
        var texts = texts(expected.get("texts"));
        assertThat(texts).hasSizeGreaterThan(15);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(tokenizer.indices(texts.get(i)))
                    .as("%s: %s, said %s", name, texts.get(i), tokenizer.tokens(texts.get(i)))
                    .isEqualTo(numbers(expected.get(name).get("ids").get(i)));
            assertThat(tokenizer.tokens(texts.get(i)))
                    .isEqualTo(texts(expected.get(name).get("tokens").get(i)));
        }
    }

    @Test
    void aTokenizer_isKeptAsData() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), golden("gpt2"));
        var tokenizer = Tokenizers.huggingFace(file);
        var again = Tokenizers.from(Tokenizers.toMap(tokenizer));
        assertThat(again.tokens("I love this \uD83D\uDE0D")).isEqualTo(tokenizer.tokens("I love this \uD83D\uDE0D"));
        assertThat(tokenizer.tokens("the")).containsExactly("\u0120the");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\": {\"type\": \"Neural\"}} / the model Neural is not supported",
                "{\"normalizer\": {\"type\": \"Precompiled\"}, \"model\": {}} / the normalizer Precompiled is not supported",
                "{\"pre_tokenizer\": {\"type\": \"UnicodeScripts\"}, \"model\": {}} / pre-tokenizer UnicodeScripts is not supported",
                "{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}, \"behavior\": \"Removed\"}} / no regular expression",
                "{\"pre_tokenizer\": {\"type\": \"Punctuation\", \"behavior\": \"Odd\"}} / the behavior Odd is not supported",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}} / all of the merge a b",
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}} / token for unknown words [UNK]",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\"]]}} / a piece and its score",
                "{\"version\": \"1.0\"} / model is missing",
                "[1] / expected an object",
                "{\"model\": / it is no JSON"
            })
    void whatIsNotSupported_isNamed(String text) throws IOException {
        String[] parts = text.split(" / ");
        Path file = Files.writeString(folder.resolve("tokenizer.json"), parts[0]);
        assertThatThrownBy(() -> Tokenizers.huggingFace(file))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(file.toString(), parts[1], "Maybe");
    }

    @Test
    void C10_longWords_takeNoHours() throws IOException {
        for (String name : List.of("gpt2", "llama2", "bert", "unigram")) {
            var tokenizer = HuggingFaceTokenizer.of(golden(name));
            assertThat(tokenizer.tokens("lower".repeat(200_000))).isNotEmpty();
        }
    }
}
