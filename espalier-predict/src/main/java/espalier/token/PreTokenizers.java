package espalier.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** How a {@code tokenizer.json} cuts a text into words before its model cuts these: its {@code pre_tokenizer}. */
final class PreTokenizers {
    private static final Pattern WHITESPACE = Splits.regex("\\w+|[^\\w\\s]+", "Whitespace");
    private static final Pattern GPT2 = Splits.regex(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", "ByteLevel");
    private static final String[] BYTES = bytes();

    private PreTokenizers() {}

    /** Cuts a word. */
    @FunctionalInterface
    interface Step {
        /** @param first whether the word stands at the beginning of the text */
        List<String> cut(String word, boolean first);
    }

    /** @throws IllegalArgumentException for a kind that is not supported */
    static Step of(Config config) {
        return switch (config.type()) {
            case "Sequence" ->
                all(config.parts("pretokenizers").stream()
                        .map(PreTokenizers::of)
                        .toList());
            case "Whitespace" ->
                (word, first) -> Splits.find(WHITESPACE, word).stream()
                        .filter(Splits.Piece::matches)
                        .map(Splits.Piece::text)
                        .toList();
            case "WhitespaceSplit" -> by(CodePoints::isWhitespace, "Removed", config);
            case "BertPreTokenizer" ->
                all(List.of(
                        by(CodePoints::isWhitespace, "Removed", config),
                        by(PreTokenizers::isPunctuation, "Isolated", config)));
            case "Punctuation" ->
                by(PreTokenizers::isPunctuation, config.text("behavior").orElse("Isolated"), config);
            case "Digits" ->
                by(PreTokenizers::isNumeric, config.is("individual_digits", false) ? "Isolated" : "Contiguous", config);
            case "CharDelimiterSplit" -> {
                int delimiter = config.need("delimiter").codePointAt(0);
                yield by(c -> c == delimiter, "Removed", config);
            }
            case "Split" -> split(config);
            case "ByteLevel" -> byteLevel(config.is("add_prefix_space", true), config.is("use_regex", true));
            case "Metaspace" -> metaspace(config);
            default -> throw config.unknown("pre-tokenizer");
        };
    }

    private static Step all(List<Step> steps) {
        return (word, first) -> {
            List<String> words = List.of(word);
            for (var step : steps) {
                var next = new ArrayList<String>();
                for (int i = 0; i < words.size(); i++) {
                    next.addAll(step.cut(words.get(i), first && i == 0));
                }
                words = next;
            }
            return words;
        };
    }

    private static Step by(IntPredicate sought, String behavior, Config config) {
        Splits.words(List.of(), behavior, config); // an unknown one is told of now
        return (word, first) -> Splits.words(Splits.find(sought, word), behavior, config);
    }

    private static Step split(Config config) {
        var pattern = Splits.pattern(config);
        String behavior = config.need("behavior");
        boolean invert = config.is("invert", false);
        Splits.words(List.of(), behavior, config);
        return (word, first) -> {
            var pieces = Splits.find(pattern, word).stream()
                    .map(one -> new Splits.Piece(one.text(), one.matches() != invert))
                    .toList();
            return Splits.words(pieces, behavior, config);
        };
    }

    /** Letters for all bytes, so that nothing is unknown. */
    private static Step byteLevel(boolean prefix, boolean regex) {
        return (word, first) -> {
            String whole = prefix && !word.startsWith(" ") ? " " + word : word;
            var words = regex
                    ? Splits.find(GPT2, whole).stream().map(Splits.Piece::text).toList()
                    : List.of(whole);
            return words.stream().map(PreTokenizers::letters).toList();
        };
    }

    private static String letters(String word) {
        var letters = new StringBuilder();
        for (byte one : word.getBytes(StandardCharsets.UTF_8)) {
            letters.append(BYTES[one & 0xFF]);
        }
        return letters.toString();
    }

    /** GPT-2's {@code bytes_to_unicode}. */
    private static String[] bytes() {
        var letters = new String[256];
        int next = 256;
        for (int i = 0; i < letters.length; i++) {
            boolean printable = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
            letters[i] = Character.toString(printable ? i : next++);
        }
        return letters;
    }

    /** SentencePiece's way: a mark for each blank, which belongs to the word behind it. */
    private static Step metaspace(Config config) {
        String mark = config.text("replacement").orElse("\u2581");
        String scheme = config.text("prepend_scheme").orElse(config.is("add_prefix_space", true) ? "always" : "never");
        int sought = mark.codePointAt(0);
        boolean split = config.is("split", true);
        return (word, first) -> {
            String marked = word.replace(" ", mark);
            boolean prepended = scheme.equals("always") || (scheme.equals("first") && first);
            String whole = prepended && !marked.startsWith(mark) ? mark + marked : marked;
            return split
                    ? Splits.words(Splits.find(c -> c == sought, whole), "MergedWithNext", config)
                    : List.of(whole);
        };
    }

    /** Unicode's punctuation, and ASCII's symbols. */
    private static boolean isPunctuation(int c) {
        if (c < 128) {
            return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
        }
        int type = Character.getType(c);
        return type == Character.CONNECTOR_PUNCTUATION
                || type == Character.DASH_PUNCTUATION
                || type == Character.START_PUNCTUATION
                || type == Character.END_PUNCTUATION
                || type == Character.INITIAL_QUOTE_PUNCTUATION
                || type == Character.FINAL_QUOTE_PUNCTUATION
                || type == Character.OTHER_PUNCTUATION;
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }
}
