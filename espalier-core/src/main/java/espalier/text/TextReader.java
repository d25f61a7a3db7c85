package espalier.text;

import espalier.format.DType;
import espalier.tensor.Tensor;
import espalier.token.TokenReader;
import espalier.token.Tokenizers;
import espalier.token.Vocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a network takes texts, in training and in prediction: the tokens' indices, padded at the end. */
record TextReader(Field field) {
    static final int MOST_TOKENS = TokenReader.MOST_TOKENS;

    /** Checks that the field is for texts, and makes its batches come first. */
    TextReader {
        var numbers = field.numbers();
        boolean fits = field.reading().sequential()
                && numbers.useVocabulary()
                && numbers.dtype() == DType.INT64
                && field.marks().pad().isPresent()
                && field.marks().unknown().isPresent()
                && !field.padding().first();
        if (!fits) {
            throw new IllegalArgumentException("a network needs a field of sequences with a vocabulary, padded at the"
                    + " end, but got " + field.numbers() + ", " + field.padding() + ", " + field.marks()
                    + ". Maybe start from Field.text().");
        }
        field.known(); // fails now rather than in a loader's thread
        field = field.batchFirst();
    }

    Vocabulary vocabulary() {
        return field.known();
    }

    /** The index of padding. */
    int pad() {
        return vocabulary().stoi(padToken());
    }

    private String padToken() {
        return field.marks().pad().orElseThrow();
    }

    /** The tokens of a text that count. */
    List<String> tokens(String text) {
        var tokens = field.preprocess(text);
        int more = Math.max(0, tokens.size() - MOST_TOKENS);
        return field.padding().truncateFirst()
                ? tokens.subList(more, tokens.size())
                : tokens.subList(0, tokens.size() - more);
    }

    /** Texts as a network takes them; an empty one is one padding. @shape int64 {@code [N, T]} */
    Tensor batch(List<List<String>> texts) {
        boolean unmarked = field.marks().init().isEmpty() && field.marks().eos().isEmpty();
        var some = unmarked && texts.stream().allMatch(List::isEmpty)
                ? texts.stream().map(text -> List.of(padToken())).toList()
                : texts;
        return field.process(some).values();
    }

    // ---- in model files

    /** What a model file says, but for the vocabulary. @throws IllegalStateException when the field has code of its own */
    Map<String, Object> toMap() {
        if (!field.isPlain()) {
            throw new IllegalStateException(
                    "the field changes tokens by code of its own, which a model file cannot hold."
                            + " Maybe leave out preprocessing and postprocessing, or write a tokenizer.");
        }
        Map<String, Object> map =
                new LinkedHashMap<>(Tokenizers.toMap(field.reading().tokenizer()));
        map.put("lower", field.reading().lower());
        map.put("stop_words", List.copyOf(field.reading().stopWords()));
        map.put("specials", vocabulary().specials());
        field.marks().unknown().ifPresent(token -> map.put("unk_token", token));
        field.marks().pad().ifPresent(token -> map.put("pad_token", token));
        field.marks().init().ifPresent(token -> map.put("init_token", token));
        field.marks().eos().ifPresent(token -> map.put("eos_token", token));
        field.padding().fixLength().ifPresent(length -> map.put("fix_length", length));
        map.put("truncate_first", field.padding().truncateFirst());
        return map;
    }

    /** What {@link #toMap} gave, with the tokens of the vocabulary. @throws IllegalArgumentException when it is something else */
    static TextReader from(Map<?, ?> map, List<String> tokens) {
        Field field = Field.text().tokenize(Tokenizers.from(map));
        field = Boolean.TRUE.equals(map.get("lower")) ? field.lower() : field;
        field = map.get("stop_words") instanceof List<?> words
                ? field.stopWords(words.stream().map(String::valueOf).collect(Collectors.toSet()))
                : field.stopWords(Set.of());
        field = token(map, "unk_token").map(field::unkToken).orElse(field);
        field = token(map, "pad_token").map(field::padToken).orElse(field);
        field = token(map, "init_token").map(field::initToken).orElse(field);
        field = token(map, "eos_token").map(field::eosToken).orElse(field);
        field = map.get("fix_length") instanceof Number length
                ? field.fixLength(Math.min(length.intValue(), MOST_TOKENS))
                : field;
        field = Boolean.TRUE.equals(map.get("truncate_first")) ? field.truncateFirst() : field;
        int specials = map.get("specials") instanceof Number number ? number.intValue() : 0;
        var own = field.specials();
        if (specials < own.size()
                || specials > tokens.size()
                || !tokens.subList(0, own.size()).equals(own)) {
            throw new IllegalArgumentException("the vocabulary does not begin with its special tokens " + own
                    + ". Maybe the file was edited by hand.");
        }
        return new TextReader(field.vocabulary(Vocabulary.of(tokens, specials)));
    }

    private static Optional<String> token(Map<?, ?> map, String name) {
        return map.get(name) instanceof String token ? Optional.of(token) : Optional.empty();
    }
}
