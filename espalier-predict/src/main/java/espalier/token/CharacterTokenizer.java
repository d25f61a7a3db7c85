package espalier.token;

/** See {@link Tokenizers#characters()}. */
final class CharacterTokenizer implements Tokenizer {
    static final CharacterTokenizer INSTANCE = new CharacterTokenizer();

    private CharacterTokenizer() {}

    @Override
    public String name() {
        return "characters";
    }

    @Override
    public void forEach(CharSequence text, Sink sink) {
        for (int at = 0; at < text.length(); ) {
            int end = CodePoints.characterEnd(text, at);
            sink.token(at, end);
            at = end;
        }
    }
}
