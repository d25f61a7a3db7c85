package espalier.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizersTest {
    private static final String FAMILY = "👨‍👩‍👧";

    /** Texts that break what counts chars, knows only English, or takes every text to be well-formed. */
    private static final List<String> HARD = List.of(
            "",
            " \t\r\n\u00A0\u3000",
            "😍✨🎉",
            FAMILY + "👍🏽🇫🇷🇩🇪",
            "我爱北京天安门 ひらがな カタカナ",
            "مرحبا بالعالم‏ שלום",
            "हिन्दी में नमस्ते",
            "e\u0301le\u0300ve naïve Straße",
            "\ud83d alone \ude00",
            "\u200d\u200d\ufe0f",
            "a\u0000b\u0007c\u001b[31m",
            "x".repeat(3_000),
            "@@@ ### http:// www. :-) <3 don't '' ' \u2019s");

    static List<Tokenizer> all() {
        return List.of(
                Tokenizers.characters(),
                Tokenizers.regex("\\w+|[^\\w\\s]"),
                Tokenizers.tweets(),
                Tokenizers.whitespace(),
                Tokenizers.words());
    }

    @ParameterizedTest
    @MethodSource("all")
    void C10_tokenizers_giveOrderedPiecesOfAnyText(Tokenizer tokenizer) {
        for (String text : HARD) {
            int[] last = {0};
            tokenizer.forEach(text, (from, to) -> {
                assertThat(from).isGreaterThanOrEqualTo(last[0]);
                assertThat(to).isGreaterThan(from).isLessThanOrEqualTo(text.length());
                boolean cut = to < text.length()
                        && Character.isHighSurrogate(text.charAt(to - 1))
                        && Character.isLowSurrogate(text.charAt(to));
                assertThat(cut).as("a pair is cut in half").isFalse();
                last[0] = to;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void tokenizers_loseNothingVisible(Tokenizer tokenizer) {
        if (tokenizer.name().equals("regex")) {
            return; // gives what matches, and that is all that it promises
        }
        for (String text : HARD) {
            String kept = String.join("", tokenizer.tokens(text));
            assertThat(visible(kept)).isEqualTo(visible(text));
        }
    }

    private static String visible(String text) {
        var kept = new StringBuilder();
        text.codePoints().filter(c -> !CodePoints.isBlank(c)).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    @ParameterizedTest
    @MethodSource("all")
    void tokenizers_areMadeAgainByNameAndParameters(Tokenizer tokenizer) {
        var again = Tokenizers.from(tokenizer.name(), tokenizer.parameters());
        HARD.forEach(text -> assertThat(again.tokens(text)).isEqualTo(tokenizer.tokens(text)));
        assertThat(Tokenizers.names()).contains(tokenizer.name()).isSorted();
    }

    @Test
    void C10_tokenizers_takeALineOfAMegabyte() {
        String line = "a1 😍".repeat(200_000);
        assertThat(Tokenizers.words().tokens(line)).hasSize(400_000);
        assertThat(Tokenizers.tweets().tokens(line)).hasSize(400_000);
        assertThat(Tokenizers.words().tokens("x".repeat(1_000_000))).hasSize(1);
        assertThat(Tokenizers.characters().tokens(line)).hasSize(800_000);
    }

    @Test
    void words_areRunsOfLettersAndDigits() {
        assertThat(Tokenizers.words().tokens("I can't wait for S_7, 3.5 €!"))
                .containsExactly("I", "can", "'", "t", "wait", "for", "S_7", ",", "3", ".", "5", "€", "!");
    }

    @Test
    void words_matchThePatternOfTheTrials() {
        var pattern = Tokenizers.regex("\\w+|[^\\w\\s]");
        for (String text : List.of("Hello, wörld! 12:30 #ok @you ...", "naïve ÉCOLE ß 😍", "Привет, мир")) {
            assertThat(Tokenizers.words().tokens(text)).isEqualTo(pattern.tokens(text));
        }
    }

    @Test
    void words_takeIdeographsAlone() {
        assertThat(Tokenizers.words().tokens("我爱Java17とカタカナ")).containsExactly("我", "爱", "Java17", "と", "カタカナ");
    }

    @Test
    void words_keepAccentsAndVowelSigns() {
        assertThat(Tokenizers.words().tokens("e\u0301le\u0300ve हिन्दी"))
                .containsExactly("e\u0301le\u0300ve", "हिन्दी");
    }

    @Test
    void words_keepAnEmojiWhole() {
        assertThat(Tokenizers.words().tokens(FAMILY + "👍🏽🇫🇷🇩🇪❤️!"))
                .containsExactly(FAMILY, "👍🏽", "🇫🇷", "🇩🇪", "❤️", "!");
    }

    @Test
    void tweets_keepWhatTweetsAreMadeOf() {
        assertThat(Tokenizers.tweets()
                        .tokens("@user don't miss #GilmoreGirls :-) <3 see https://t.co/a,b?c=1. email me@home.org!!"))
                .containsExactly(
                        "@user",
                        "don't",
                        "miss",
                        "#GilmoreGirls",
                        ":-)",
                        "<3",
                        "see",
                        "https://t.co/a,b?c=1",
                        ".",
                        "email",
                        "me",
                        "@",
                        "home",
                        ".",
                        "org",
                        "!",
                        "!");
    }

    @Test
    void tweets_takeNoWordForAnEmoticon() {
        assertThat(Tokenizers.tweets().tokens("12:30 Xbox: D8 http:/x <3d '' it's' rock'n'roll"))
                .containsExactly(
                        "12",
                        ":",
                        "30",
                        "Xbox",
                        ":",
                        "D8",
                        "http",
                        ":",
                        "/",
                        "x",
                        "<",
                        "3d",
                        "'",
                        "'",
                        "it's",
                        "'",
                        "rock'n'roll");
    }

    @Test
    void characters_includeBlanks() {
        assertThat(Tokenizers.characters().tokens("a e\u0301😍")).containsExactly("a", " ", "e\u0301", "😍");
    }

    @Test
    void whitespace_isThatOfEveryScript() {
        assertThat(Tokenizers.whitespace().tokens("\u3000a,b\u00A0c\nd ")).containsExactly("a,b", "c", "d");
    }

    @Test
    void regex_saysWhatIsWrongWithAPattern() {
        assertThatThrownBy(() -> Tokenizers.regex("(a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a regular expression: (a")
                .hasMessageContaining("Maybe");
    }

    @Test
    void regex_givesUpOnEndlessPatterns() {
        var endless = Tokenizers.regex("(a+)+[bc]");
        assertThatThrownBy(() -> endless.tokens("a".repeat(5_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes too long for a text of 5000 characters");
        var deep = Tokenizers.regex("(a|b)*c");
        assertThatThrownBy(() -> deep.tokens("ab".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void from_namesTheTokenizersThereAre() {
        assertThatThrownBy(() -> Tokenizers.from("bpe", Map.of()))
                .hasMessage(
                        "there is no tokenizer named bpe, only characters, hugging-face, regex, tweets, whitespace, words."
                                + " Maybe it is misspelt.");
        assertThatThrownBy(() -> Tokenizers.from("regex", Map.of())).hasMessageContaining("needs a pattern");
    }

    @Test
    void tokens_ofAStreamKeepItsOrderInParallel() {
        var texts = IntStream.range(0, 1_000).mapToObj(i -> "text " + i).toList();
        var tokens = Tokenizers.words().tokens(texts.parallelStream()).toList();
        var expected = new ArrayList<List<String>>();
        texts.forEach(text -> expected.add(List.of(text.split(" "))));
        assertThat(tokens).isEqualTo(expected);
    }
}
