package espalier.interpret;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names and numbers as they are shown. Names come from folders, files and other people's model files: control
 * characters and direction marks, which could rewrite a terminal or a page, are replaced, and length is bounded.
 */
final class Names {
    private Names() {}

    /** The name in at most {@code max} code points, its middle left out when it is longer. */
    static String shown(String name, int max) {
        // A name of many megabytes is cut before it is looked at.
        String start = name.length() > 4 * max + 8 ? name.substring(0, 2 * max) + "\u2026" + tail(name, 2 * max) : name;
        int[] points = start.codePoints().map(Names::harmless).toArray();
        if (points.length <= max) {
            return new String(points, 0, points.length);
        }
        int front = (max - 1) * 2 / 3;
        int back = max - 1 - front;
        return new String(points, 0, front) + "\u2026" + new String(points, points.length - back, back);
    }

    /** The names as {@link #shown}, in their order; of those that would look alike, all but the first get a number. */
    static List<String> distinct(List<String> names, int max) {
        var taken = new HashSet<String>();
        return names.stream().map(name -> distinct(name, max, taken)).toList();
    }

    /** The name as {@link #shown}, with a number when it is among {@code taken}, to which it is added. */
    static String distinct(String name, int max, Set<String> taken) {
        String shown = shown(name, max);
        for (int i = 2; !taken.add(shown); i++) {
            shown = shown(name, max - 4) + " " + i;
        }
        return shown;
    }

    /** A relative path as it is, of any other its last part, in at most {@code max} code points. */
    static String file(String path, int max) {
        boolean absolute = path.startsWith("/") || path.startsWith("\\") || path.startsWith(":", 1);
        if (!absolute) {
            return shown(path, max);
        }
        int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        return shown(slash < 0 || slash == path.length() - 1 ? path : path.substring(slash + 1), max);
    }

    /** The number with so many decimals, rounded as C and Python do; {@code nan} when undefined. */
    static String decimal(double value, int digits) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** A share in percent with one decimal; an en dash when undefined. */
    static String percent(double share) {
        return Double.isNaN(share) ? "\u2013" : decimal(100 * share, 1) + "\u00a0%";
    }

    /** The text behind spaces, so that it fills {@code width} code points. */
    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - length(text))) + text;
    }

    /** The text before spaces, so that it fills {@code width} code points. */
    static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - length(text)));
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String tail(String name, int length) {
        return name.substring(name.length() - length);
    }

    private static int harmless(int point) {
        int type = Character.getType(point);
        return switch (type) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> 0xFFFD;
            default -> point;
        };
    }
}
