package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.NoLeaks;
import espalier.token.TokenReader;
import espalier.token.Tokenizers;
import espalier.token.Vocabulary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A field in training against the reader without tensors of prediction. */
@ExtendWith(NoLeaks.class)
class TextReaderTest {
    private static final List<String> WORDS = List.of("a", "b", "c", "A", "!", "the");

    static Stream<Field> fields() {
        var plain = Field.text().tokenize(Tokenizers.words());
        var marked = plain.initToken("<s>").eosToken("</s>");
        return Stream.of(
                plain,
                plain.lower(),
                plain.truncateFirst(),
                plain.stopWords(Set.of("the", "a")),
                plain.fixLength(3),
                plain.tokenize(Tokenizers.characters()),
                marked,
                marked.fixLength(4).truncateFirst(),
                marked.padToken("_").unkToken("?").lower());
    }

    private static Map<String, Object> document(TextReader reader) {
        Map<String, Object> map = new LinkedHashMap<>(reader.toMap());
        map.put(TokenReader.VOCABULARY, reader.vocabulary().itos());
        return map;
    }

    private static TextReader reader(Field field) {
        var specials = field.specials();
        var all = Stream.concat(specials.stream(), WORDS.stream()).toList();
        return new TextReader(field.vocabulary(Vocabulary.of(all, specials.size())));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void tokenReader_readsAsTheFieldDoes(Field field) {
        var reader = reader(field);
        var other = TokenReader.from(document(reader));
        assertThat(other.pad()).isEqualTo(reader.pad());
        for (String text : List.of("a b", "the A c!", "", "x", "b\n\n", "c ".repeat(2_000) + "a", "a c b a c")) {
            long[] expected = reader.batch(List.of(reader.tokens(text))).toLongArray();
            assertThat(padded(other, text, expected.length)).as(text).containsExactly(expected);
        }
    }

    /** An empty text is one padding, and a fixed length is filled. */
    private static long[] padded(TokenReader reader, String text, int length) {
        long[] indices = reader.indices(text);
        long[] all = Arrays.copyOf(indices, length);
        Arrays.fill(all, indices.length, length, reader.pad());
        return all;
    }

    @Test
    void tokenReader_refusesADocumentWithoutPadding() {
        var map = document(reader(Field.text()));
        map.put("pad_token", "none");
        assertThatThrownBy(() -> TokenReader.from(map))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no token for padding");
    }
}
