package espalier.token;

import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The tokenizers. */
public final class Tokenizers {
    private static final long MOST_BYTES = 10_000_000;
    private static final String PATTERN = "pattern";
    private static final String NAME = "tokenizer";
    private static final String PARAMETERS = "parameters";

    /** One way to make a tokenizer of the parameters in a model file. */
    private record Entry(String name, Function<Map<String, Object>, Tokenizer> make) {}

    private static final List<Entry> ALL = List.of(
            new Entry("characters", parameters -> characters()),
            new Entry(HuggingFaceTokenizer.NAME, HuggingFaceTokenizer::from),
            new Entry("regex", parameters -> regex(pattern(parameters))),
            new Entry("tweets", parameters -> tweets()),
            new Entry("whitespace", parameters -> whitespace()),
            new Entry("words", parameters -> words()));

    private Tokenizers() {}

    /** Each character is a token, with its accents and joiners; blanks too. */
    public static Tokenizer characters() {
        return CharacterTokenizer.INSTANCE;
    }

    /**
     * The tokenizer of a {@code tokenizer.json}, as Hugging Face's library writes it: pieces of words by byte-pair encoding,
     * WordPiece or a unigram model, or whole words (WordLevel), with the usual normalizers and pre-tokenizers. What such a
     * file says of truncation, padding and tokens at both ends of a text is left to others. {@link Tokenizer#forEach} hands over
     * the words between blanks, as the pieces of normalised words are no pieces of the text.
     *
     * @throws DataException when the file cannot be read, is no such file, or something in it is not supported, which is named
     */
    public static Tokenizer huggingFace(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new DataException(
                        file + " has " + Files.size(file) + " bytes, and a model file keeps a tokenizer of at most "
                                + MOST_BYTES + ". Maybe one for fewer languages does, too.");
            }
            return HuggingFaceTokenizer.of(Files.readString(file));
        } catch (IOException unreadable) {
            throw DataException.unreadable(
                    file.toString(),
                    unreadable instanceof NoSuchFileException ? "there is no such file" : "it is no text in UTF-8",
                    "Maybe its name is misspelt.",
                    unreadable);
        } catch (IllegalArgumentException wrong) {
            throw new DataException("cannot use " + file + ": " + wrong.getMessage(), wrong);
        }
    }

    /**
     * Each match of a pattern is a token, as in scikit-learn's {@code token_pattern}; {@code \w}, {@code \d} and {@code \s}
     * mean Unicode's.
     *
     * @throws IllegalArgumentException when {@code pattern} is not a regular expression of Java
     */
    public static Tokenizer regex(String pattern) {
        return RegexTokenizer.of(pattern);
    }

    /**
     * {@linkplain #words() Words}, but addresses, {@code @mentions}, {@code #hashtags}, emoticons such as {@code :-)} and
     * words with an apostrophe ({@code don't}) are one token each.
     */
    public static Tokenizer tweets() {
        return TweetTokenizer.INSTANCE;
    }

    /** What stands between blanks, as Python's {@code str.split} does. */
    public static Tokenizer whitespace() {
        return WhitespaceTokenizer.INSTANCE;
    }

    /**
     * Runs of letters, digits and underscores, and every other visible character alone. An ideograph or a hiragana is a word
     * of its own; a flag, a family or a hand with its colour is one emoji.
     *
     * <p>For texts without combining marks, ideographs and joined emoji these are the matches of the regular expression
     * {@code \w+|[^\w\s]}.
     */
    public static Tokenizer words() {
        return WordTokenizer.INSTANCE;
    }

    /** The names, in alphabetical order. */
    public static List<String> names() {
        return ALL.stream().map(Entry::name).toList();
    }

    /**
     * The tokenizer of a name with the parameters that {@link Tokenizer#parameters} gave.
     *
     * @throws IllegalArgumentException when the name is unknown or a parameter is missing
     */
    public static Tokenizer from(String name, Map<String, Object> parameters) {
        return ALL.stream()
                .filter(entry -> entry.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no tokenizer named " + name + ", only "
                        + String.join(", ", names()) + ". Maybe it is misspelt."))
                .make
                .apply(parameters);
    }

    /** A tokenizer as values that JSON can hold, under {@code tokenizer} and {@code parameters}; {@link #from(Map)} makes it again. */
    public static Map<String, Object> toMap(Tokenizer tokenizer) {
        return Map.of(NAME, tokenizer.name(), PARAMETERS, tokenizer.parameters());
    }

    /**
     * The tokenizer that {@link #toMap} told of, whatever else the map holds.
     *
     * @throws IllegalArgumentException when there is none, the name is unknown, or a parameter is missing
     */
    public static Tokenizer from(Map<?, ?> map) {
        if (!(map.get(NAME) instanceof String name)) {
            throw new IllegalArgumentException(
                    "a tokenizer is needed, but got " + map.get(NAME) + ". Maybe a newer Espalier wrote the file.");
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (map.get(PARAMETERS) instanceof Map<?, ?> given) {
            given.forEach((key, value) -> parameters.put(String.valueOf(key), value));
        }
        return from(name, parameters);
    }

    private static String pattern(Map<String, Object> parameters) {
        if (parameters.get(PATTERN) instanceof String pattern) {
            return pattern;
        }
        throw new IllegalArgumentException(
                "the tokenizer regex needs a pattern, but got " + parameters.get(PATTERN) + ". Maybe it was left out.");
    }
}
