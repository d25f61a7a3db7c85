package espalier.token;

/** See {@link Tokenizers#whitespace()}. */
final class WhitespaceTokenizer implements Tokenizer {
    static final WhitespaceTokenizer INSTANCE = new WhitespaceTokenizer();

    private WhitespaceTokenizer() {}

    @Override
    public String name() {
        return "whitespace";
    }

    @Override
    public void forEach(CharSequence text, Sink sink) {
        int from = -1;
        int at = 0;
        while (at < text.length()) {
            int c = Character.codePointAt(text, at);
            boolean blank = CodePoints.isBlank(c);
            if (blank && from >= 0) {
                sink.token(from, at);
                from = -1;
            } else if (!blank && from < 0) {
                from = at;
            }
            at += Character.charCount(c);
        }
        if (from >= 0) {
            sink.token(from, at);
        }
    }
}
