package espalier.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding: a word's characters, of which the neighbours that were merged first in training are merged first,
 * the left ones before the right.
 *
 * @see <a href="https://arxiv.org/abs/1508.07909">Sennrich, Haddow and Birch, Neural machine translation of rare words with
 *     subword units, 2016</a>
 */
final class BytePairs extends SubwordModel {
    private static final int LONGEST = 100_000;

    private final Map<Long, Merge> merges = new HashMap<>();
    private final String prefix;
    private final String suffix;
    private final Optional<Integer> unknown;
    private final boolean fuse;
    private final boolean byteFallback;
    private final boolean ignoreMerges;

    /**
     * Two pieces that make one.
     *
     * @param rank the least is done first
     * @param made the index of what they make
     */
    private record Merge(int rank, int made) {}

    /** Neighbours that can be merged, while both are what they were. */
    private record Candidate(Merge merge, int left, int leftPiece, int rightPiece) {}

    private BytePairs(Map<String, Integer> indices, Config config) {
        super(indices);
        this.prefix = config.text("continuing_subword_prefix").orElse("");
        this.suffix = config.text("end_of_word_suffix").orElse("");
        this.unknown = config.text("unk_token").flatMap(this::index);
        this.fuse = config.is("fuse_unk", false);
        this.byteFallback = config.is("byte_fallback", false);
        this.ignoreMerges = config.is("ignore_merges", false);
        if (config.map().get("merges") instanceof List<?> pairs) {
            pairs.forEach(pair -> add(pair, config));
        }
    }

    static BytePairs of(Config config) {
        return new BytePairs(vocabulary(config), config);
    }

    private void add(Object pair, Config config) {
        var two = pair instanceof List<?> list
                ? list
                : List.of(String.valueOf(pair).split(" ", 2));
        var left = two.size() == 2 ? index(String.valueOf(two.get(0))) : Optional.<Integer>empty();
        var right = two.size() == 2 ? index(String.valueOf(two.get(1))) : Optional.<Integer>empty();
        var made = left.isEmpty() || right.isEmpty()
                ? Optional.<Integer>empty()
                : index(two.get(0) + String.valueOf(two.get(1)).substring(prefix.length()));
        if (made.isEmpty()) {
            throw new IllegalArgumentException(config.at() + ": the vocabulary does not have all of the merge " + pair
                    + ". Maybe the file was edited by hand.");
        }
        merges.put(key(left.get(), right.get()), new Merge(merges.size(), made.get()));
    }

    private static long key(int left, int right) {
        return ((long) left << 32) | right;
    }

    @Override
    void cut(String word, List<Integer> into) {
        var whole = ignoreMerges ? index(word) : Optional.<Integer>empty();
        if (whole.isPresent()) {
            into.add(whole.get());
            return;
        }
        for (int from = 0; from < word.length(); ) { // a word of a megabyte would take hours
            int to = Math.min(word.length(), from + LONGEST);
            to = to < word.length() && Character.isHighSurrogate(word.charAt(to - 1)) ? to - 1 : to;
            merge(characters(word, from, to), into);
            from = to;
        }
    }

    private List<Integer> characters(String word, int from, int to) {
        var pieces = new ArrayList<Integer>();
        boolean lastUnknown = false;
        for (int at = from; at < to; ) {
            int next = at + Character.charCount(word.codePointAt(at));
            String character =
                    (at == 0 ? "" : prefix) + word.substring(at, next) + (next == word.length() ? suffix : "");
            var index = index(character);
            var bytes = index.isEmpty() && byteFallback ? bytes(character) : Optional.<List<Integer>>empty();
            if (index.isPresent()) {
                pieces.add(index.get());
            } else if (bytes.isPresent()) {
                pieces.addAll(bytes.get());
            } else if (unknown.isPresent() && !(fuse && lastUnknown)) {
                pieces.add(unknown.get());
            }
            lastUnknown = index.isEmpty() && bytes.isEmpty();
            at = next;
        }
        return pieces;
    }

    private void merge(List<Integer> pieces, List<Integer> into) {
        int count = pieces.size();
        int[] piece = pieces.stream().mapToInt(Integer::intValue).toArray();
        int[] next = new int[count];
        int[] before = new int[count];
        var queue = new PriorityQueue<Candidate>((a, b) -> a.merge.rank != b.merge.rank
                ? Integer.compare(a.merge.rank, b.merge.rank)
                : Integer.compare(a.left, b.left));
        for (int i = 0; i < count; i++) {
            next[i] = i + 1 < count ? i + 1 : -1;
            before[i] = i - 1;
            offer(queue, piece, i, next[i]);
        }
        while (!queue.isEmpty()) {
            var best = queue.remove();
            int left = best.left;
            int right = piece[left] < 0 ? -1 : next[left];
            if (right < 0 || piece[left] != best.leftPiece || piece[right] != best.rightPiece) {
                continue; // one of them was merged with its other neighbour
            }
            piece[left] = best.merge.made;
            piece[right] = -1;
            next[left] = next[right];
            if (next[left] >= 0) {
                before[next[left]] = left;
            }
            offer(queue, piece, before[left], left);
            offer(queue, piece, left, next[left]);
        }
        for (int one : piece) {
            if (one >= 0) {
                into.add(one);
            }
        }
    }

    private void offer(PriorityQueue<Candidate> queue, int[] piece, int left, int right) {
        if (left >= 0 && right >= 0) {
            var merge = merges.get(key(piece[left], piece[right]));
            if (merge != null) {
                queue.add(new Candidate(merge, left, piece[left], piece[right]));
            }
        }
    }
}
