package espalier.token;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a trained network takes a text: its tokens' indices, as the model's document says, without tensors. In training a {@code
 * Field} does the same.
 */
public final class TokenReader {
    /** So many tokens of a text count, as in fastai's classifiers; a longer text would hold all others up. */
    public static final int MOST_TOKENS = 1_440;

    /** Where a document that stands alone, as in an ONNX file, has the tokens of the vocabulary. */
    public static final String VOCABULARY = "vocabulary";

    private final Tokenizer tokenizer;
    private final boolean lower;
    private final boolean truncateFirst;
    private final Set<String> stopWords;
    private final Optional<String> init;
    private final Optional<String> eos;
    private final Optional<Integer> fixLength;
    private final Vocabulary vocabulary;
    private final long unknown;
    private final long pad;

    private TokenReader(Map<?, ?> field, List<String> tokens) {
        this.tokenizer = Tokenizers.from(field);
        this.lower = Boolean.TRUE.equals(field.get("lower"));
        this.truncateFirst = Boolean.TRUE.equals(field.get("truncate_first"));
        this.stopWords = strings(field.get("stop_words")).collect(Collectors.toCollection(HashSet::new));
        this.init = token(field, "init_token");
        this.eos = token(field, "eos_token");
        this.fixLength = field.get("fix_length") instanceof Number length
                ? Optional.of(Math.min(length.intValue(), MOST_TOKENS))
                : Optional.empty();
        this.vocabulary =
                Vocabulary.of(tokens, field.get("specials") instanceof Number specials ? specials.intValue() : 0);
        this.unknown = index(token(field, "unk_token"), "for unknown words");
        this.pad = index(token(field, "pad_token"), "for padding");
    }

    /**
     * The reader of a document that stands alone.
     *
     * @param field the document's option {@code field}, with the tokens under {@link #VOCABULARY}
     * @throws IllegalArgumentException when something is missing or contradicts itself
     */
    public static TokenReader from(Map<?, ?> field) {
        return new TokenReader(field, strings(field.get(VOCABULARY)).toList());
    }

    private static Stream<String> strings(@Nullable Object list) {
        return list instanceof Collection<?> all ? all.stream().map(String::valueOf) : Stream.of();
    }

    private static Optional<String> token(Map<?, ?> field, String name) {
        return field.get(name) instanceof String token ? Optional.of(token) : Optional.empty();
    }

    private long index(Optional<String> token, String purpose) {
        return vocabulary.stoi(token.filter(vocabulary::contains)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the vocabulary has no token " + purpose + ". Maybe the file was edited by hand.")));
    }

    /** The index of padding. */
    public long pad() {
        return pad;
    }

    /** The number of tokens, the specials included. */
    public int size() {
        return vocabulary.size();
    }

    /** The token with an index. */
    public String token(int index) {
        return vocabulary.itos(index);
    }

    /** The indices of a text's tokens, without padding; none of an empty text. */
    public long[] indices(String text) {
        String trimmed = text.replaceFirst("\n+\\z", "");
        var tokens = kept(
                tokenizer.tokens(lower ? trimmed.toLowerCase(Locale.ROOT) : trimmed).stream()
                        .filter(token -> !stopWords.contains(token))
                        .toList(),
                MOST_TOKENS);
        int marks = (int) Stream.of(init, eos).flatMap(Optional::stream).count();
        var most = kept(tokens, fixLength.orElse(MOST_TOKENS + marks) - marks);
        return Stream.of(init.stream(), most.stream(), eos.stream())
                .flatMap(some -> some)
                .mapToLong(token -> vocabulary.contains(token) ? vocabulary.stoi(token) : unknown)
                .toArray();
    }

    private List<String> kept(List<String> tokens, int most) {
        int more = Math.max(0, tokens.size() - Math.max(0, most));
        return truncateFirst ? tokens.subList(more, tokens.size()) : tokens.subList(0, tokens.size() - more);
    }
}
