package espalier.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tokens that are kept whole wherever they stand in a text: the {@code added_tokens} of a {@code tokenizer.json}. */
final class AddedTokens {
    private final Map<String, Added> byContent = new HashMap<>();
    private final Pattern pattern;

    private record Added(int index, boolean single, boolean left, boolean right) {}

    /**
     * A part of a text.
     *
     * @param index of the added token that it is; -1 for what stands between
     */
    record Part(String text, int index) {}

    private AddedTokens(List<Config> tokens, UnaryOperator<String> normalizer) {
        for (Config token : tokens) {
            byContent.put(
                    normalizer.apply(token.need("content")),
                    new Added(
                            token.number("id", -1),
                            token.is("single_word", false),
                            token.is("lstrip", false),
                            token.is("rstrip", false)));
        }
        byContent.remove("");
        this.pattern = Pattern.compile(byContent.keySet().stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }

    /** Those that are looked for in the text as it is. */
    static AddedTokens raw(Config tokenizer) {
        return new AddedTokens(tokens(tokenizer, false), UnaryOperator.identity());
    }

    /** Those that are looked for in the normalised text, and are normalised like it. */
    static AddedTokens normalized(Config tokenizer, UnaryOperator<String> normalizer) {
        return new AddedTokens(tokens(tokenizer, true), normalizer);
    }

    private static List<Config> tokens(Config tokenizer, boolean normalized) {
        return tokenizer.parts("added_tokens").stream()
                .filter(token -> token.is("normalized", !token.is("special", false)) == normalized)
                .toList();
    }

    /** What the tokens are called: as they are looked for. */
    Map<Integer, String> names() {
        Map<Integer, String> names = new HashMap<>();
        byContent.forEach((content, added) -> names.put(added.index, content));
        return names;
    }

    List<Part> cut(String text) {
        var parts = new ArrayList<Part>();
        if (byContent.isEmpty()) {
            parts.add(new Part(text, -1));
            return parts;
        }
        var matcher = pattern.matcher(text);
        int at = 0;
        while (matcher.find()) {
            var added = byContent.get(matcher.group());
            int from = matcher.start();
            int to = matcher.end();
            if (added == null || from < at || (added.single && !isAlone(text, from, to))) {
                continue;
            }
            while (added.left && from > at && Character.isWhitespace(text.charAt(from - 1))) {
                from--;
            }
            while (added.right && to < text.length() && Character.isWhitespace(text.charAt(to))) {
                to++;
            }
            if (from > at) {
                parts.add(new Part(text.substring(at, from), -1));
            }
            parts.add(new Part(matcher.group(), added.index));
            at = to;
        }
        if (at < text.length()) {
            parts.add(new Part(text.substring(at), -1));
        }
        return parts;
    }

    private static boolean isAlone(String text, int from, int to) {
        return (from == 0 || !CodePoints.isWord(text.codePointBefore(from)))
                && (to == text.length() || !CodePoints.isWord(text.codePointAt(to)));
    }
}
