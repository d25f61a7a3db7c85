package espalier.token;

/** See {@link Tokenizers#words()}. */
final class WordTokenizer implements Tokenizer {
    static final WordTokenizer INSTANCE = new WordTokenizer();

    private WordTokenizer() {}

    @Override
    public String name() {
        return "words";
    }

    @Override
    public void forEach(CharSequence text, Sink sink) {
        int at = 0;
        while (at < text.length()) {
            int c = Character.codePointAt(text, at);
            if (CodePoints.isBlank(c)) {
                at += Character.charCount(c);
            } else {
                int end = end(text, at, c);
                sink.token(at, end);
                at = end;
            }
        }
    }

    /** Where the token that begins at {@code at} with the code point {@code c} ends. */
    static int end(CharSequence text, int at, int c) {
        return CodePoints.isWord(c) && !CodePoints.isWordAlone(c)
                ? wordEnd(text, at)
                : CodePoints.characterEnd(text, at);
    }

    /** Where the run of word characters at {@code at} ends. */
    static int wordEnd(CharSequence text, int at) {
        int end = at;
        while (end < text.length()) {
            int c = Character.codePointAt(text, end);
            boolean word = CodePoints.isWord(c) && !CodePoints.isWordAlone(c);
            if (!word && (end == at || !CodePoints.continues(c))) {
                return end;
            }
            end += Character.charCount(c);
        }
        return end;
    }
}
