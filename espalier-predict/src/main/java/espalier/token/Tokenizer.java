package espalier.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Divides a text into tokens. Each token is a piece of the text as it stands there: nothing is changed, and what changes a
 * text (such as to lower case) is applied before.
 *
 * <p>Implementations are immutable, safe to share between threads, and work on code points: no emoji is cut in half.
 */
public interface Tokenizer {
    /** Takes the tokens of a text, one after the other. */
    @FunctionalInterface
    interface Sink {
        /** Takes the token from index {@code from}, inclusive, to {@code to}, exclusive. */
        void token(int from, int to);
    }

    /** The name in the catalogue, such as {@code "words"}. */
    String name();

    /** What it was made with, by name, with values that JSON can hold; {@link Tokenizers#from} makes it again. */
    default Map<String, Object> parameters() {
        return Map.of();
    }

    /** Hands over the tokens of {@code text} in their order; none overlap, and none is empty. */
    void forEach(CharSequence text, Sink sink);

    /** The tokens of a text. */
    default List<String> tokens(CharSequence text) {
        List<String> tokens = new ArrayList<>();
        forEach(text, (from, to) -> tokens.add(text.subSequence(from, to).toString()));
        return tokens;
    }

    /** The tokens of each text, lazily and in the order of the texts; in parallel when the stream is. */
    default Stream<List<String>> tokens(Stream<? extends CharSequence> texts) {
        return texts.map(this::tokens);
    }
}
