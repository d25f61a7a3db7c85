package espalier.token;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The tokens that a model knows, each with its index: special ones first, then the most frequent first, those of the same
 * frequency in the order of their code units, as torchtext has them. Immutable.
 *
 * <pre>{@code
 * var vocabulary = Vocabulary.counter();
 * texts.forEach(text -> vocabulary.add(tokenizer.tokens(text)));
 * var known = vocabulary.build(20_000, 2, List.of("<unk>", "<pad>"));
 * int index = known.stoi("coffee");      // 0, that of <unk>, when it is not known
 * }</pre>
 */
public final class Vocabulary {
    private final List<String> tokens;
    private final Map<String, Integer> indices;
    private final Map<String, Long> frequencies;
    private final int specials;

    private Vocabulary(List<String> tokens, Map<String, Long> frequencies, int specials) {
        this.tokens = Collections.unmodifiableList(tokens);
        this.frequencies = Collections.unmodifiableMap(frequencies);
        this.specials = specials;
        this.indices = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            indices.put(tokens.get(i), i);
        }
    }

    /** Counts tokens until a vocabulary is built of them; not safe for several threads. */
    public static final class Counter {
        private final Map<String, Long> counts = new HashMap<>();
        private final int most;
        private long threshold;

        private Counter(int most) {
            this.most = most;
        }

        /** Counts the tokens of one text. Returns this counter. */
        public Counter add(Iterable<String> tokens) {
            for (String token : tokens) {
                counts.merge(token, 1L, Long::sum);
            }
            while (counts.size() > most) {
                threshold++;
                counts.values().removeIf(count -> count <= threshold);
            }
            return this;
        }

        /**
         * The frequency up to which tokens may have been forgotten, because there were more than the counter may hold; 0
         * when all are there and the counts are exact.
         */
        public long forgotten() {
            return threshold;
        }

        /**
         * A vocabulary of the counted tokens.
         *
         * @param maxSize the most tokens, the specials not among them; as torchtext's {@code max_size}
         * @param minFrequency the least frequency of a token, at least 1; the specials need none
         * @param specials tokens with the first indices; the first of them stands for unknown tokens
         * @throws IllegalArgumentException when a number is out of range, or a special token occurs twice
         */
        public Vocabulary build(int maxSize, long minFrequency, List<String> specials) {
            if (maxSize < 0 || minFrequency < 1) {
                throw new IllegalArgumentException(
                        "a vocabulary needs a size of at least 0 and a frequency of at least 1," + " but got " + maxSize
                                + " and " + minFrequency + ". Maybe they were swapped.");
            }
            if (new LinkedHashSet<>(specials).size() < specials.size()) {
                throw new IllegalArgumentException(
                        "the special tokens " + specials + " have one twice. Maybe another was meant.");
            }
            List<String> tokens = new ArrayList<>(specials);
            Map<String, Long> frequencies = new LinkedHashMap<>();
            counts.entrySet().stream()
                    .filter(entry -> entry.getValue() >= minFrequency && !specials.contains(entry.getKey()))
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey(CodePoints.ALPHABETICAL)))
                    .limit(maxSize)
                    .forEach(entry -> {
                        tokens.add(entry.getKey());
                        frequencies.put(entry.getKey(), entry.getValue());
                    });
            return new Vocabulary(tokens, frequencies, specials.size());
        }
    }

    /** A counter that holds every token. */
    public static Counter counter() {
        return counter(Integer.MAX_VALUE);
    }

    /**
     * A counter in bounded memory: with more than {@code most} different tokens it forgets the rarest, so a token that
     * comes again later is counted too low by at most {@link Counter#forgotten}.
     */
    public static Counter counter(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a counter must hold at least 1 token, but got " + most + ".");
        }
        return new Counter(most);
    }

    /**
     * A vocabulary of tokens in the order of their indices, such as from a model file; it knows no frequencies.
     *
     * @param specials how many of the first tokens are special
     * @throws IllegalArgumentException when a token occurs twice
     */
    public static Vocabulary of(List<String> tokens, int specials) {
        var vocabulary = new Vocabulary(List.copyOf(tokens), Map.of(), specials);
        if (vocabulary.indices.size() < tokens.size()) {
            throw new IllegalArgumentException("a vocabulary has a token twice. Maybe two lists were put together.");
        }
        return vocabulary;
    }

    /** The number of tokens, the specials included. */
    public int size() {
        return tokens.size();
    }

    /** How many of the first tokens are special. */
    public int specials() {
        return specials;
    }

    /** All tokens in the order of their indices. */
    public List<String> itos() {
        return tokens;
    }

    /** The token with an index. @throws IndexOutOfBoundsException when there is none */
    public String itos(int index) {
        return tokens.get(index);
    }

    /**
     * The index of a token; for an unknown one that of the first special token.
     *
     * @throws IllegalArgumentException when the token is unknown and there are no special tokens
     */
    public int stoi(String token) {
        Integer index = indices.get(token);
        if (index != null) {
            return index;
        }
        if (specials == 0) {
            throw new IllegalArgumentException("the vocabulary does not know " + token
                    + ", and has no token for unknown ones. Maybe build it with the special token <unk>.");
        }
        return 0;
    }

    /** The indices of tokens, unknown ones as in {@link #stoi}. */
    public int[] indices(List<String> tokens) {
        return tokens.stream().mapToInt(this::stoi).toArray();
    }

    /** Whether a token is known. */
    public boolean contains(String token) {
        return indices.containsKey(token);
    }

    /** How often each token was counted, the most frequent first; without the specials. */
    public Map<String, Long> frequencies() {
        return frequencies;
    }

    /** The {@code n} most frequent tokens, the most frequent first. */
    public List<String> mostCommon(int n) {
        return tokens.stream().skip(specials).limit(n).toList();
    }
}
