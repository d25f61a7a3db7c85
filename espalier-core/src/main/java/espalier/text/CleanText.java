package espalier.text;

import java.util.Locale;

/** A text as n-grams are counted in it. */
final class CleanText {
    private static final char REPLACEMENT = '\uFFFD';

    private CleanText() {}

    /** The text in lower case if wished, with U+FFFD for halves of surrogate pairs, which no file can hold. */
    static String of(String text, boolean lowerCase) {
        String whole = isWellFormed(text) ? text : repaired(text);
        return lowerCase ? whole.toLowerCase(Locale.ROOT) : whole;
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isSurrogatePair(c, i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static String repaired(String text) {
        var repaired = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                .forEach(repaired::appendCodePoint);
        return repaired.toString();
    }
}
