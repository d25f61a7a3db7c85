package espalier.text;

import java.util.Arrays;

/**
 * Finds the n-grams of one text after the other, each with a hash of 64 bits that stands for it: among a million n-grams
 * the chance that any two share theirs is 3 in 100 million. Not safe for several threads.
 */
final class NGramReader {
    /** Takes the n-grams of a text, one after the other, in no order that matters. */
    interface Sink {
        void ngram(long hash, int from, int to);
    }

    private static final long START = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private final NGrams kind;
    private char[] buffer = new char[256];
    private int length;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int count;

    NGramReader(NGrams kind) {
        this.kind = kind;
    }

    /** Reads a text; the places that {@code sink} gets are good for {@link #name} until the next one. */
    void read(String text, Sink sink) {
        length = 0;
        count = 0;
        if (kind instanceof NGrams.Words words) {
            words.tokenizer().forEach(text, (from, to) -> {
                int start = length;
                append(text, from, to);
                note(start, length);
                append(' ');
            });
            sequences(0, count, sink);
        } else {
            characters(text, sink);
        }
    }

    /** The n-gram at a place, as it is shown; words are separated by a blank. */
    String name(int from, int to) {
        return new String(buffer, from, to - from);
    }

    /** The hash of an n-gram by its name. */
    static long hash(String name) {
        long hash = START;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * PRIME;
        }
        return mixed(hash);
    }

    /** Words between blanks, with a blank around each, code point by code point. */
    private void characters(String text, Sink sink) {
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (isBlank(c)) {
                at += Character.charCount(c);
            } else {
                at = word(text, at);
                if (count < kind.least()) {
                    sequence(0, count, sink);
                } else {
                    sequences(0, count, sink);
                }
            }
        }
    }

    /** Takes the word at a place, with a blank before and after it. Returns where it ends. */
    private int word(String text, int start) {
        length = 0;
        count = 0;
        character(' ');
        int at = start;
        while (at < text.length() && !isBlank(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            character(c);
            at += Character.charCount(c);
        }
        character(' ');
        return at;
    }

    private static boolean isBlank(int c) {
        return c == ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private void character(int c) {
        int start = length;
        if (Character.isBmpCodePoint(c)) {
            append((char) c);
        } else {
            append(Character.highSurrogate(c));
            append(Character.lowSurrogate(c));
        }
        note(start, length);
    }

    /** All sequences of as many units as the kind says, by the units from {@code first} to {@code last}, exclusive. */
    private void sequences(int first, int last, Sink sink) {
        for (int unit = first; unit < last; unit++) {
            long hash = START;
            int at = starts[unit];
            int most = Math.min(kind.most(), last - unit);
            for (int n = 1; n <= most; n++) {
                int end = ends[unit + n - 1];
                for (; at < end; at++) {
                    hash = (hash ^ buffer[at]) * PRIME;
                }
                if (n >= kind.least()) {
                    sink.ngram(mixed(hash), starts[unit], end);
                }
            }
        }
    }

    private void sequence(int first, int last, Sink sink) {
        long hash = START;
        for (int at = starts[first]; at < ends[last - 1]; at++) {
            hash = (hash ^ buffer[at]) * PRIME;
        }
        sink.ngram(mixed(hash), starts[first], ends[last - 1]);
    }

    /** The finaliser of MurmurHash3, so that all bits are equally good. */
    private static long mixed(long hash) {
        long h = hash;
        h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        h ^= h >>> 33;
        return h == 0 ? 1 : h; // 0 marks a free place in tables
    }

    private void append(String text, int from, int to) {
        ensure(to - from);
        text.getChars(from, to, buffer, length);
        length += to - from;
    }

    private void append(char c) {
        ensure(1);
        buffer[length++] = c;
    }

    private void ensure(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }

    private void note(int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = start;
        ends[count++] = end;
    }
}
