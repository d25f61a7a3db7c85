package espalier.token;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Texts cut where something is found, in the ways that a {@code tokenizer.json} knows. */
final class Splits {
    private Splits() {}

    /**
     * A piece of a text.
     *
     * @param matches whether it is what was looked for, rather than what stands between
     */
    record Piece(String text, boolean matches) {}

    /** The pattern of a part: a text, or a regular expression. */
    static Pattern pattern(Config config) {
        var pattern = config.part("pattern").orElseThrow(() -> config.unknown("pattern of"));
        return pattern.text("String")
                .map(text -> Pattern.compile(text, Pattern.LITERAL))
                .orElseGet(() -> regex(pattern.need("Regex"), pattern.at()));
    }

    static Pattern regex(String regex, String at) {
        try {
            return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException(
                    at + ": " + regex + " is no regular expression of Java (" + wrong.getDescription()
                            + "). Maybe it uses what only Oniguruma knows.",
                    wrong);
        }
    }

    /** All pieces of a text in their order; none is empty. */
    static List<Piece> find(Pattern pattern, String text) {
        var pieces = new ArrayList<Piece>();
        var budgeted = new BudgetedText(text, pattern.pattern());
        var matcher = pattern.matcher(budgeted);
        int at = 0;
        try {
            while (matcher.find()) {
                add(pieces, text, at, matcher.start(), false);
                add(pieces, text, matcher.start(), matcher.end(), true);
                at = matcher.end();
            }
        } catch (StackOverflowError deep) {
            throw budgeted.tooLong(deep);
        }
        add(pieces, text, at, text.length(), false);
        return pieces;
    }

    /** The same where each code point alone may match. */
    static List<Piece> find(IntPredicate sought, String text) {
        var pieces = new ArrayList<Piece>();
        int from = 0;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            int next = at + Character.charCount(c);
            if (sought.test(c)) {
                add(pieces, text, from, at, false);
                add(pieces, text, at, next, true);
                from = next;
            }
            at = next;
        }
        add(pieces, text, from, text.length(), false);
        return pieces;
    }

    private static void add(List<Piece> pieces, String text, int from, int to, boolean matches) {
        if (to > from) {
            pieces.add(new Piece(text.substring(from, to), matches));
        }
    }

    /** The words that pieces make. @throws IllegalArgumentException for an unknown behaviour */
    static List<String> words(List<Piece> pieces, String behavior, Config config) {
        return switch (behavior) {
            case "Removed" ->
                pieces.stream().filter(one -> !one.matches).map(Piece::text).toList();
            case "Isolated" -> pieces.stream().map(Piece::text).toList();
            case "Contiguous" -> merged(pieces, (before, one) -> before.matches == one.matches);
            case "MergedWithPrevious" -> merged(pieces, (before, one) -> one.matches && !before.matches);
            case "MergedWithNext" -> merged(pieces, (before, one) -> before.matches && !one.matches);
            default ->
                throw new IllegalArgumentException(
                        config.at() + ": the behavior " + behavior + " is not supported. Maybe it is misspelt.");
        };
    }

    private interface Joins {
        boolean test(Piece before, Piece one);
    }

    private static List<String> merged(List<Piece> pieces, Joins joins) {
        var words = new ArrayList<String>();
        for (int i = 0; i < pieces.size(); i++) {
            var one = pieces.get(i);
            if (i > 0 && joins.test(pieces.get(i - 1), one)) {
                words.add(words.remove(words.size() - 1) + one.text);
            } else {
                words.add(one.text);
            }
        }
        return words;
    }
}
