package espalier.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SentencePiece's unigram model: of all ways to cut a word into known pieces the most probable one, found by Viterbi's
 * algorithm. A character that no piece begins with is unknown; such neighbours count as one.
 *
 * @see <a href="https://arxiv.org/abs/1804.10959">Kudo, Subword regularization, 2018</a>
 */
final class UnigramPieces extends SubwordModel {
    private static final double UNKNOWN_PENALTY = 10;

    private final double[] scores;
    private final int longest;
    private final int unknown;
    private final double unknownScore;
    private final boolean byteFallback;

    private UnigramPieces(Map<String, Integer> indices, double[] scores, Config config) {
        super(indices);
        this.scores = scores;
        this.longest = indices.keySet().stream().mapToInt(String::length).max().orElse(1);
        this.unknown = config.number("unk_id", -1);
        this.byteFallback = config.is("byte_fallback", false);
        double least = Double.POSITIVE_INFINITY;
        for (double score : scores) {
            least = Math.min(least, score);
        }
        this.unknownScore = least - UNKNOWN_PENALTY;
    }

    static UnigramPieces of(Config config) {
        if (!(config.map().get("vocab") instanceof List<?> pairs) || pairs.isEmpty()) {
            throw new IllegalArgumentException(
                    config.at() + ": vocab is missing. Maybe it is no tokenizer.json of Hugging Face.");
        }
        Map<String, Integer> indices = new HashMap<>();
        double[] scores = new double[pairs.size()];
        for (int i = 0; i < scores.length; i++) {
            if (!(pairs.get(i) instanceof List<?> pair) || pair.size() != 2 || !(pair.get(1) instanceof Number score)) {
                throw new IllegalArgumentException(config.at() + ": expected a piece and its score, but got "
                        + pairs.get(i) + ". Maybe the file was edited by hand.");
            }
            indices.put(String.valueOf(pair.get(0)), i);
            scores[i] = score.doubleValue();
        }
        return new UnigramPieces(indices, scores, config);
    }

    @Override
    void cut(String word, List<Integer> into) {
        double[] best = new double[word.length() + 1];
        int[] from = new int[word.length() + 1];
        int[] piece = new int[word.length() + 1];
        Arrays.fill(from, -1);
        for (int at = 0; at < word.length(); ) {
            int character = Character.charCount(word.codePointAt(at));
            boolean single = false;
            int most = Math.min(word.length(), at + longest);
            for (int to = at + 1; to <= most; to++) {
                var found = index(word.substring(at, to));
                if (found.isPresent()) {
                    single |= to == at + character;
                    reach(best, from, piece, at, to, found.get(), scores[found.get()]);
                }
            }
            if (!single) {
                reach(best, from, piece, at, at + character, unknown, unknownScore);
            }
            at += character;
        }
        emit(word, from, piece, into);
    }

    private static void reach(double[] best, int[] from, int[] piece, int at, int to, int index, double score) {
        double sum = best[at] + score;
        if (from[to] < 0 || sum > best[to]) {
            best[to] = sum;
            from[to] = at;
            piece[to] = index;
        }
    }

    private void emit(String word, int[] from, int[] piece, List<Integer> into) {
        var ends = new ArrayList<Integer>();
        for (int at = word.length(); at > 0; at = from[at]) {
            ends.add(at);
        }
        Collections.reverse(ends);
        int begun = -1;
        for (int end : ends) {
            if (piece[end] == unknown) {
                begun = begun < 0 ? from[end] : begun;
                continue;
            }
            unknown(word, begun, from[end], into);
            begun = -1;
            into.add(piece[end]);
        }
        unknown(word, begun, word.length(), into);
    }

    private void unknown(String word, int begun, int end, List<Integer> into) {
        if (begun < 0) {
            return;
        }
        var bytes = byteFallback ? bytes(word.substring(begun, end)) : Optional.<List<Integer>>empty();
        if (bytes.isPresent()) {
            into.addAll(bytes.get());
        } else if (unknown >= 0) {
            into.add(unknown);
        } else {
            throw new IllegalArgumentException("the tokenizer has no token for what is unknown, such as "
                    + word.substring(begun, end) + ". Maybe its unk_id was left out.");
        }
    }
}
