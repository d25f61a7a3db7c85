package espalier.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How a {@code tokenizer.json} cuts a word into pieces that it knows: its {@code model}. */
abstract sealed class SubwordModel permits BytePairs, UnigramPieces, WordPieces {
    private final Map<String, Integer> indices;
    private final Map<Integer, String> pieces = new HashMap<>();

    SubwordModel(Map<String, Integer> indices) {
        this.indices = indices;
        indices.forEach((piece, index) -> pieces.put(index, piece));
    }

    /** @throws IllegalArgumentException for a kind that is not supported */
    static SubwordModel of(Config config) {
        return switch (config.type()) {
            case "BPE" -> BytePairs.of(config);
            case "Unigram" -> UnigramPieces.of(config);
            case "WordPiece", "WordLevel" -> WordPieces.of(config);
            default -> throw config.unknown("model");
        };
    }

    /** The pieces of a word, by their indices. */
    abstract void cut(String word, List<Integer> into);

    Optional<Integer> index(String piece) {
        return Optional.ofNullable(indices.get(piece));
    }

    Optional<String> piece(int index) {
        return Optional.ofNullable(pieces.get(index));
    }

    /** The indices of a text's bytes; empty when one is not known. */
    Optional<List<Integer>> bytes(String text) {
        var all = new ArrayList<Integer>();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            var index = index(String.format(Locale.ROOT, "<0x%02X>", one & 0xFF));
            if (index.isEmpty()) {
                return Optional.empty();
            }
            all.add(index.get());
        }
        return Optional.of(all);
    }

    /** The object {@code vocab}: pieces with their indices. */
    static Map<String, Integer> vocabulary(Config config) {
        Map<String, Integer> indices = new HashMap<>();
        config.part("vocab")
                .orElseThrow(() -> new IllegalArgumentException(
                        config.at() + ": vocab is missing. Maybe it is no tokenizer.json of Hugging Face."))
                .map()
                .forEach((piece, index) -> {
                    if (!(index instanceof Number number)) {
                        throw new IllegalArgumentException(config.at() + ": the index of " + piece + " is " + index
                                + ". Maybe the file was edited by hand.");
                    }
                    indices.put(String.valueOf(piece), number.intValue());
                });
        return indices;
    }
}
