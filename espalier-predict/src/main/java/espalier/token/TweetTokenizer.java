package espalier.token;

/** See {@link Tokenizers#tweets()}. */
final class TweetTokenizer implements Tokenizer {
    static final TweetTokenizer INSTANCE = new TweetTokenizer();

    private static final String[] SCHEMES = {"http://", "https://", "www."};
    private static final String EYES = ":;=8xX";
    private static final String NOSES = "-'^o";
    private static final String MOUTHS = ")(DPpOo3/\\|*[]{}<>";
    private static final String CLOSING = ".,;:!?'\")]}»”’";

    private TweetTokenizer() {}

    @Override
    public String name() {
        return "tweets";
    }

    @Override
    public void forEach(CharSequence text, Sink sink) {
        int at = 0;
        int before = ' ';
        while (at < text.length()) {
            int c = Character.codePointAt(text, at);
            if (CodePoints.isBlank(c)) {
                at += Character.charCount(c);
                before = c;
            } else {
                int end = end(text, at, c, before);
                sink.token(at, end);
                before = Character.codePointBefore(text, end);
                at = end;
            }
        }
    }

    private static int end(CharSequence text, int at, int c, int before) {
        int end = addressEnd(text, at);
        if (end == at) {
            end = emoticonEnd(text, at, before);
        }
        if (end == at && (c == '@' || c == '#') && !CodePoints.isWord(before)) {
            int word = WordTokenizer.wordEnd(text, at + 1);
            end = word > at + 1 ? word : at;
        }
        return end > at ? end : apostrophes(text, WordTokenizer.end(text, at, c), c);
    }

    /** Goes on over {@code 's}, {@code 't} and the like. */
    private static int apostrophes(CharSequence text, int wordEnd, int first) {
        int end = wordEnd;
        while (Character.isLetter(first) && end + 1 < text.length() && isApostrophe(text.charAt(end))) {
            int next = WordTokenizer.wordEnd(text, end + 1);
            if (next == end + 1) {
                return end;
            }
            end = next;
        }
        return end;
    }

    private static boolean isApostrophe(char c) {
        return c == '\'' || c == '\u2019';
    }

    /** An address ends at a blank, without the punctuation that closes a sentence. */
    private static int addressEnd(CharSequence text, int at) {
        if (!isAddress(text, at)) {
            return at;
        }
        int end = at;
        while (end < text.length() && !CodePoints.isBlank(Character.codePointAt(text, end))) {
            end += Character.charCount(Character.codePointAt(text, end));
        }
        while (end > at && CLOSING.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return end;
    }

    private static boolean isAddress(CharSequence text, int at) {
        for (String scheme : SCHEMES) {
            int length = scheme.length();
            if (at + length < text.length() && matches(text, at, scheme)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(CharSequence text, int at, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            if (Character.toLowerCase(text.charAt(at + i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** {@code :-)}, {@code ;D}, {@code <3}: only where no word touches it. */
    private static int emoticonEnd(CharSequence text, int at, int before) {
        if (CodePoints.isWord(before)) {
            return at;
        }
        char first = text.charAt(at);
        if (first == '<' && at + 1 < text.length() && text.charAt(at + 1) == '3') {
            return bounded(text, at, at + 2);
        }
        if (EYES.indexOf(first) < 0) {
            return at;
        }
        int mouth = at + 1;
        if (mouth + 1 < text.length() && NOSES.indexOf(text.charAt(mouth)) >= 0 && isMouth(text, mouth + 1)) {
            mouth++;
        }
        if (!isMouth(text, mouth)) {
            return at;
        }
        int end = mouth + 1;
        while (end < text.length() && text.charAt(end) == text.charAt(mouth)) {
            end++;
        }
        return bounded(text, at, end);
    }

    private static boolean isMouth(CharSequence text, int at) {
        return at < text.length() && MOUTHS.indexOf(text.charAt(at)) >= 0;
    }

    /** {@code end}, or {@code at} when a word goes on there. */
    private static int bounded(CharSequence text, int at, int end) {
        boolean goesOn = end < text.length() && CodePoints.isWord(Character.codePointAt(text, end));
        boolean slash = end < text.length() && text.charAt(end) == '/';
        return goesOn || slash ? at : end;
    }
}
