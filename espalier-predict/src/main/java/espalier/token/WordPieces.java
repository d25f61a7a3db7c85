package espalier.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * BERT's WordPiece: the longest known beginning, then the longest known continuation, and so on; a word that cannot be
 * cut so is unknown. WordLevel is the same where only whole words are known.
 */
final class WordPieces extends SubwordModel {
    private final String prefix;
    private final int most;
    private final int unknown;
    private final boolean whole;

    private WordPieces(Map<String, Integer> indices, Config config) {
        super(indices);
        this.whole = config.type().equals("WordLevel");
        this.prefix = config.text("continuing_subword_prefix").orElse("##");
        this.most = config.number("max_input_chars_per_word", 100);
        String name = config.text("unk_token").orElse("[UNK]");
        this.unknown = index(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        config.at() + ": the vocabulary does not have the token for unknown words " + name
                                + ". Maybe the file was edited by hand."));
    }

    static WordPieces of(Config config) {
        return new WordPieces(vocabulary(config), config);
    }

    @Override
    void cut(String word, List<Integer> into) {
        var found = new ArrayList<Integer>();
        boolean cut = whole
                ? index(word).map(found::add).orElse(false)
                : word.codePointCount(0, word.length()) <= most && cutAll(word, found);
        if (cut) {
            into.addAll(found);
        } else {
            into.add(unknown);
        }
    }

    private boolean cutAll(String word, List<Integer> into) {
        int from = 0;
        while (from < word.length()) {
            int to = word.length();
            var piece = index((from == 0 ? "" : prefix) + word.substring(from, to));
            while (piece.isEmpty() && to > from) {
                to = word.offsetByCodePoints(to, -1);
                piece = to > from ? index((from == 0 ? "" : prefix) + word.substring(from, to)) : piece;
            }
            if (piece.isEmpty()) {
                return false;
            }
            into.add(piece.get());
            from = to;
        }
        return true;
    }
}
