package espalier.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** See {@link Tokenizers#huggingFace}. */
final class HuggingFaceTokenizer implements Tokenizer {
    static final String NAME = "hugging-face";
    private static final String JSON = "json";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final String json;
    private final AddedTokens raw;
    private final AddedTokens normalized;
    private final UnaryOperator<String> normalizer;
    private final PreTokenizers.Step words;
    private final SubwordModel model;
    private final Map<Integer, String> added;

    private HuggingFaceTokenizer(String json, Config config) {
        this.json = json;
        this.normalizer = config.part("normalizer").map(Normalizations::of).orElseGet(UnaryOperator::identity);
        this.raw = AddedTokens.raw(config);
        this.normalized = AddedTokens.normalized(config, normalizer);
        this.added = new HashMap<>(raw.names());
        added.putAll(normalized.names());
        this.words = config.part("pre_tokenizer").map(PreTokenizers::of).orElse((word, first) -> List.of(word));
        this.model = SubwordModel.of(config.part("model")
                .orElseThrow(() -> new IllegalArgumentException(
                        config.at() + ": model is missing. Maybe it is no tokenizer.json of Hugging Face.")));
    }

    /** @throws IllegalArgumentException when it is no such file, or something in it is not supported */
    static HuggingFaceTokenizer of(String json) {
        Object read;
        try {
            read = MAPPER.readValue(json, Object.class);
        } catch (JacksonException damaged) {
            throw new IllegalArgumentException(
                    "tokenizer.json: it is no JSON (" + damaged.getOriginalMessage()
                            + "). Maybe it was not downloaded to its end.",
                    damaged);
        }
        return new HuggingFaceTokenizer(json, Config.of(read, "tokenizer.json"));
    }

    static HuggingFaceTokenizer from(Map<String, Object> parameters) {
        if (parameters.get(JSON) instanceof String json) {
            return of(json);
        }
        throw new IllegalArgumentException("the tokenizer " + NAME
                + " needs what stands in its tokenizer.json. Maybe give the file instead of the name.");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of(JSON, json);
    }

    /** What stands between blanks: pieces of these words are no pieces of the text, which was changed before. */
    @Override
    public void forEach(CharSequence text, Sink sink) {
        WhitespaceTokenizer.INSTANCE.forEach(text, sink);
    }

    @Override
    public List<String> tokens(CharSequence text) {
        return indices(text.toString()).stream()
                .map(index -> Optional.ofNullable(added.get(index))
                        .or(() -> model.piece(index))
                        .orElse(""))
                .toList();
    }

    /** The file's own indices of the tokens, without those that it would add at both ends. */
    List<Integer> indices(String text) {
        var indices = new ArrayList<Integer>();
        boolean first = true;
        for (var part : raw.cut(text)) {
            if (part.index() >= 0) {
                indices.add(part.index());
            } else {
                normalized(part.text(), first, indices);
            }
            first = false;
        }
        return indices;
    }

    private void normalized(String text, boolean first, List<Integer> into) {
        boolean begins = first;
        for (var part : normalized.cut(normalizer.apply(text))) {
            if (part.index() >= 0) {
                into.add(part.index());
            } else {
                boolean atStart = begins;
                words.cut(part.text(), atStart).stream()
                        .filter(word -> !word.isEmpty())
                        .forEach(word -> model.cut(word, into));
            }
            begins = false;
        }
    }
}
