package espalier.token;

import java.util.Arrays;
import java.util.Comparator;

/** What code points are to a tokenizer. */
final class CodePoints {
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int EMOJI_VARIATION = 0xFE0F;
    private static final int FIRST_FLAG_LETTER = 0x1F1E6;
    private static final int LAST_FLAG_LETTER = 0x1F1FF;
    private static final int FIRST_SKIN = 0x1F3FB;
    private static final int LAST_SKIN = 0x1F3FF;
    private static final int FIRST_TAG = 0xE0020;
    private static final int LAST_TAG = 0xE007F;

    /** Texts by their code points, as Python sorts them; Java's own order puts emoji before some rarer signs. */
    static final Comparator<String> ALPHABETICAL =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private CodePoints() {}

    /** Blanks of Unicode, the unbreakable ones included, and control characters. */
    static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.getType(c) == Character.CONTROL;
    }

    /** Unicode's White_Space: blanks, but no other control characters. */
    static boolean isWhitespace(int c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == 0x85;
    }

    /** Part of a word: letters, digits of any script, and what joins words as the underscore does. */
    static boolean isWord(int c) {
        return Character.isLetterOrDigit(c) || isNumber(c) || Character.getType(c) == Character.CONNECTOR_PUNCTUATION;
    }

    private static boolean isNumber(int c) {
        int type = Character.getType(c);
        return type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
    }

    /** A word in itself: scripts without blanks, of which a dictionary would be needed to find longer words. */
    static boolean isWordAlone(int c) {
        return c >= 0x3041
                && (Character.isIdeographic(c) || Character.UnicodeScript.of(c) == Character.UnicodeScript.HIRAGANA);
    }

    /** Belongs to the character before: accents, vowel signs, variation selectors, joiners, skin colours, tags. */
    static boolean continues(int c) {
        if (c < 0x300) {
            return c == 0xAD;
        }
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || c == EMOJI_VARIATION
                || (c >= FIRST_SKIN && c <= LAST_SKIN)
                || (c >= FIRST_TAG && c <= LAST_TAG);
    }

    /** Half of a flag. */
    static boolean isFlagLetter(int c) {
        return c >= FIRST_FLAG_LETTER && c <= LAST_FLAG_LETTER;
    }

    /** Where the character that begins at {@code at} ends, with all that continues it: one emoji, one letter with its accents. */
    static int characterEnd(CharSequence text, int at) {
        int first = Character.codePointAt(text, at);
        int end = at + Character.charCount(first);
        if (isFlagLetter(first) && end < text.length() && isFlagLetter(Character.codePointAt(text, end))) {
            end += 2;
        }
        int before = first;
        while (end < text.length()) {
            int c = Character.codePointAt(text, end);
            boolean joined = before == ZERO_WIDTH_JOINER && !isWord(c) && !isBlank(c);
            if (!continues(c) && !joined) {
                return end;
            }
            before = c;
            end += Character.charCount(c);
        }
        return end;
    }
}
