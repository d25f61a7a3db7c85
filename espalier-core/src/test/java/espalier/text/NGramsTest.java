package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.token.Tokenizers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NGramsTest {
    private static Map<String, Double> counted(NGrams kind, String text) {
        Map<String, Double> counts = new HashMap<>();
        var reader = new NGramReader(kind);
        reader.read(CleanText.of(text, true), (hash, from, to) -> {
            String name = reader.name(from, to);
            assertThat(hash).as(name).isEqualTo(NGramReader.hash(name)).isNotZero();
            counts.merge(name, 1.0, Double::sum);
        });
        return counts;
    }

    private static NGrams kind(String name) {
        return switch (name) {
            case "words" -> TextGoldens.words(1, 2);
            case "characters" -> NGrams.characters(2, 5);
            case "short" -> NGrams.characters(4, 6);
            default -> new NGrams.Words(Tokenizers.regex("\\b\\w\\w+\\b"), 1, 1);
        };
    }

    @ParameterizedTest
    @CsvSource({"words", "characters", "short", "sklearn"})
    void ngrams_areThoseOfScikitLearn(String name) {
        var expected = TextGoldens.rows("/counts/" + name);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(counted(kind(name), TextGoldens.TEXTS.get(i))).isEqualTo(expected.get(i));
        }
    }

    @Test
    void characters_areCodePoints() {
        assertThat(counted(NGrams.characters(2, 3), "a😍")).containsOnlyKeys(" a", "a😍", "😍 ", " a😍", "a😍 ");
    }

    @Test
    void C10_reader_takesWhateverIsGiven() {
        for (String text :
                List.of("", " \n\t", "\ud83d", "\ude00x", "\u200d\ufe0f", "\u0000", "مرحبا‏", "x".repeat(70_000))) {
            for (NGrams kind : List.of(NGrams.words(1, 2), NGrams.characters(2, 5))) {
                counted(kind, text)
                        .keySet()
                        .forEach(name -> assertThat(name).doesNotMatch("(?s).*[\\ud800-\\udfff].*"));
            }
        }
        assertThat(counted(NGrams.words(1, 1), "lone \ud83d half")).containsOnlyKeys("lone", "\ufffd", "half");
    }

    @Test
    void from_makesThemAgain() {
        for (NGrams kind : List.of(TextGoldens.words(1, 2), NGrams.words(2, 3), NGrams.characters(1, 4))) {
            var again = NGrams.from(kind.toMap());
            assertThat(again.toMap()).isEqualTo(kind.toMap());
            assertThat(counted(again, "a b, c d!")).isEqualTo(counted(kind, "a b, c d!"));
        }
    }

    @Test
    void from_refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> NGrams.from(Map.of("of", "bytes", "least", 1, "most", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but got bytes");
        assertThatThrownBy(() -> NGrams.from(Map.of("of", "characters", "least", 1)))
                .hasMessageContaining("most");
        assertThatThrownBy(() -> NGrams.characters(3, 2)).hasMessageContaining("3 to 2");
        assertThatThrownBy(() -> NGrams.characters(1, 1_000)).hasMessageContaining("1 to 1000");
    }
}
