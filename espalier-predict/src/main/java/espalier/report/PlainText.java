package espalier.report;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Text from outside (names of files, of classes, of tensors, headers of requests) as a terminal, a log or a message may
 * show it.
 */
public final class PlainText {
    private PlainText() {}

    /**
     * Whether the code point only writes itself: it does not begin a line, move the cursor, colour what follows or turn the
     * direction of writing around. Joiners, which many scripts and emoji need, are plain.
     */
    public static boolean isPlain(int codePoint) {
        boolean turns = codePoint == 0x061C
                || codePoint == 0x200E
                || codePoint == 0x200F
                || (codePoint >= 0x202A && codePoint <= 0x202E)
                || (codePoint >= 0x2066 && codePoint <= 0x2069);
        int type = Character.getType(codePoint);
        return !turns
                && type != Character.CONTROL
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE;
    }

    /** The text on one line: what is not plain as {@code \n}, {@code \t} or {@code \}{@code uXXXX}. */
    public static String line(String text) {
        return escaped(text, PlainText::isPlain);
    }

    /** The same of the first {@code most} code points, with {@code ...} where there are more. */
    public static String line(String text, int most) {
        if (text.codePointCount(0, text.length()) <= most) {
            return line(text);
        }
        return line(text.substring(0, text.offsetByCodePoints(0, most))) + "...";
    }

    /** A name from outside on one line in quotation marks, of at most 80 code points. */
    public static String quoted(String name) {
        return '"' + line(name, 80) + '"';
    }

    /** The text with its lines and tabs, and what else is not plain escaped. */
    public static String lines(String text) {
        return escaped(text, c -> c == '\n' || c == '\t' || isPlain(c));
    }

    private static String escaped(String text, IntPredicate kept) {
        if (text.codePoints().allMatch(kept)) {
            return text;
        }
        var safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (kept.test(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append(escape(c));
            }
        });
        return safe.toString();
    }

    private static String escape(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            default -> String.format(Locale.ROOT, "\\u%04x", codePoint);
        };
    }
}
