package espalier.text;

import espalier.format.Transform;
import espalier.rng.Rng;
import espalier.token.Tokenizers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * EDA, easy data augmentation: more training texts by replacing words with synonyms, inserting synonyms, swapping words and
 * deleting some. In training it changes every other text by one of the four; validation and prediction see texts as they are.
 *
 * <pre>{@code
 * var eda = EasyAugmentation.of(Synonyms.load(Path.of("thesaurus.txt")));
 * List<String> more = eda.augment("I love this, really!", 4, Rng.of(42));
 * var loaders = TextLoaders.of(parts, field).transform(eda).loaders();
 * }</pre>
 *
 * @paper Wei and Zou 2019, "EDA: easy data augmentation techniques for boosting performance on text classification tasks",
 *     arXiv:1901.11196. What differs from its program: case, punctuation and every script stay as they are; synonyms are
 *     those of a file, so a word without any there is never replaced, and no list of stop words is needed; without synonyms
 *     swapping and deleting remain; texts that came out unchanged are left out
 * @param synonyms the words that mean about the same
 * @param alpha the share of the words that is replaced, inserted or swapped, 0.1; at least one
 * @param deletion the probability of each word to be deleted, 0.1
 */
public record EasyAugmentation(Synonyms synonyms, double alpha, double deletion) implements Transform<List<String>> {
    /** How often another place is looked for, as in the paper's program. */
    private static final int SWAP_TRIES = 3;

    private static final double CHANGED = 0.5;

    public EasyAugmentation {
        if (!(alpha >= 0 && alpha <= 1 && deletion >= 0 && deletion < 1)) {
            throw new IllegalArgumentException(
                    "alpha must be from 0 to 1 and the probability of deletion from 0 to below 1," + " but got " + alpha
                            + " and " + deletion + ". Maybe per cent were meant: 0.1 is a tenth.");
        }
    }

    /** The paper's shares. */
    public static EasyAugmentation of(Synonyms synonyms) {
        return new EasyAugmentation(synonyms, 0.1, 0.1);
    }

    /** The same with another share of the words, for all four. */
    public EasyAugmentation alpha(double alpha) {
        return new EasyAugmentation(synonyms, alpha, Math.min(alpha, Math.nextDown(1.0)));
    }

    // ---- words

    /** Up to {@code n} different words that have synonyms, replaced wherever they stand by one of them. */
    public static List<String> synonymReplacement(List<String> words, int n, Synonyms synonyms, Rng rng) {
        return words(replaced(pieces(words), n, synonyms, rng));
    }

    /** With {@code n} synonyms of its words at random places; the same words when none has a synonym. */
    public static List<String> randomInsertion(List<String> words, int n, Synonyms synonyms, Rng rng) {
        return words(inserted(pieces(words), n, synonyms, " ", rng));
    }

    /** With two words swapped, {@code n} times. */
    public static List<String> randomSwap(List<String> words, int n, Rng rng) {
        return words(swapped(pieces(words), n, rng));
    }

    /** Without some words, each of which goes with probability {@code p}; one stays whatever happens. */
    public static List<String> randomDeletion(List<String> words, double p, Rng rng) {
        return words(deleted(pieces(words), p, rng));
    }

    // ---- texts

    /** The four ways. */
    private enum Way {
        REPLACE,
        INSERT,
        SWAP,
        DELETE
    }

    /**
     * Up to {@code count} changed copies of a text, made in all four ways by turns, in random order. An empty text, or one of
     * which no copy differs, gives none.
     */
    public List<String> augment(String text, int count, Rng rng) {
        var pieces = split(text);
        var ways = ways();
        List<String> copies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var way = ways.get(i % ways.size());
            copies.add(joined(changed(pieces.words, way, pieces.blank, rng.derive(i)), pieces.tail));
        }
        int[] order = rng.derive(-1).permutation(copies.size());
        return IntStream.of(order)
                .mapToObj(copies::get)
                .filter(copy -> !copy.isBlank() && !copy.equals(text))
                .distinct()
                .toList();
    }

    private List<Way> ways() {
        return synonyms.isEmpty() ? List.of(Way.SWAP, Way.DELETE) : List.of(Way.values());
    }

    private List<Piece> changed(List<Piece> words, Way way, String blank, Rng rng) {
        int n = Math.max(1, (int) (alpha * words.size()));
        return switch (way) {
            case REPLACE -> replaced(words, n, synonyms, rng);
            case INSERT -> inserted(words, n, synonyms, blank, rng);
            case SWAP -> swapped(words, n, rng);
            case DELETE -> deleted(words, deletion, rng);
        };
    }

    /** Changes every other list of tokens in training; punctuation among them stays where it is. */
    @Override
    public List<String> apply(List<String> tokens, boolean training, Rng rng) {
        if (!training || !rng.bernoulli(CHANGED)) {
            return tokens;
        }
        List<Piece> pieces = new ArrayList<>();
        List<String> fixed = new ArrayList<>();
        for (String token : tokens) {
            if (isWord(token)) {
                pieces.add(new Piece(List.copyOf(fixed), token));
                fixed.clear();
            } else {
                fixed.add(token);
            }
        }
        var ways = ways();
        List<String> all = new ArrayList<>();
        for (Piece piece : changed(pieces, ways.get(rng.nextInt(ways.size())), "", rng)) {
            all.addAll(piece.before);
            Collections.addAll(all, piece.word.split("\\s+"));
        }
        all.addAll(fixed);
        return all;
    }

    @Override
    public String name() {
        return "eda";
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of("alpha", alpha, "deletion", deletion);
    }

    // ---- the four ways, on words with what stands before them

    /** A word and what stands before it, which stays in its place. */
    private record Piece(List<String> before, String word) {
        Piece word(String other) {
            return new Piece(before, other);
        }
    }

    private static List<Piece> pieces(List<String> words) {
        return words.stream().map(word -> new Piece(List.of(), word)).toList();
    }

    private static List<String> words(List<Piece> pieces) {
        return pieces.stream().map(Piece::word).toList();
    }

    private static List<Piece> replaced(List<Piece> pieces, int n, Synonyms synonyms, Rng rng) {
        var candidates = pieces.stream()
                .map(piece -> piece.word.toLowerCase(Locale.ROOT))
                .filter(word -> !synonyms.of(word).isEmpty())
                .distinct()
                .toList();
        List<Piece> all = new ArrayList<>(pieces);
        int[] order = rng.permutation(candidates.size());
        for (int i = 0; i < Math.min(n, order.length); i++) {
            String word = candidates.get(order[i]);
            var others = synonyms.of(word);
            String other = others.get(rng.nextInt(others.size()));
            all.replaceAll(
                    piece -> piece.word.equalsIgnoreCase(word) ? piece.word(inCaseOf(piece.word, other)) : piece);
        }
        return all;
    }

    /** {@code Glad} for {@code Happy}, {@code GLAD} for {@code HAPPY}. */
    private static String inCaseOf(String word, String other) {
        int first = word.codePointAt(0);
        if (!Character.isUpperCase(first)) {
            return other;
        }
        boolean all = word.codePointCount(0, word.length()) > 1 && word.equals(word.toUpperCase(Locale.ROOT));
        int end = other.offsetByCodePoints(0, 1);
        return all
                ? other.toUpperCase(Locale.ROOT)
                : other.substring(0, end).toUpperCase(Locale.ROOT) + other.substring(end);
    }

    private static List<Piece> inserted(List<Piece> pieces, int n, Synonyms synonyms, String blank, Rng rng) {
        List<Piece> all = new ArrayList<>(pieces);
        for (int i = 0; i < n; i++) {
            var candidates = all.stream()
                    .map(piece -> synonyms.of(piece.word))
                    .filter(others -> !others.isEmpty())
                    .toList();
            if (candidates.isEmpty()) {
                return all;
            }
            var others = candidates.get(rng.nextInt(candidates.size()));
            String word = others.get(rng.nextInt(others.size()));
            int place = rng.nextInt(all.size() + 1);
            var gap = blank.isEmpty() ? List.<String>of() : List.of(blank);
            if (place < all.size() && place == 0) {
                all.set(0, new Piece(gap, all.get(0).word)); // what the text begins with stays there
                all.add(0, new Piece(pieces.get(0).before, word));
            } else {
                all.add(place, new Piece(gap, word));
            }
        }
        return all;
    }

    private static List<Piece> swapped(List<Piece> pieces, int n, Rng rng) {
        List<Piece> all = new ArrayList<>(pieces);
        for (int i = 0; i < n && all.size() > 1; i++) {
            int first = rng.nextInt(all.size());
            int second = rng.nextInt(all.size());
            for (int tries = 1; second == first && tries < SWAP_TRIES; tries++) {
                second = rng.nextInt(all.size());
            }
            String word = all.get(first).word;
            all.set(first, all.get(first).word(all.get(second).word));
            all.set(second, all.get(second).word(word));
        }
        return all;
    }

    private static List<Piece> deleted(List<Piece> pieces, double p, Rng rng) {
        if (pieces.size() < 2) {
            return pieces;
        }
        var kept = pieces.stream().filter(piece -> rng.uniform() >= p).toList();
        return kept.isEmpty() ? List.of(pieces.get(rng.nextInt(pieces.size()))) : kept;
    }

    // ---- between text and words

    /** @param blank what stands between words: nothing in scripts without blanks */
    private record Pieces(List<Piece> words, String tail, String blank) {}

    private static Pieces split(String text) {
        List<Piece> words = new ArrayList<>();
        int[] end = {0};
        Tokenizers.tweets().forEach(text, (from, to) -> {
            String token = text.substring(from, to);
            if (isWord(token)) {
                words.add(new Piece(List.of(text.substring(end[0], from)), token));
                end[0] = to;
            }
        });
        boolean blanks = words.stream()
                .skip(1)
                .flatMap(piece -> piece.before.stream())
                .anyMatch(gap -> gap.chars().anyMatch(Character::isWhitespace));
        boolean alone =
                words.size() == 1 && !Character.isIdeographic(words.get(0).word.codePointAt(0));
        return new Pieces(words, text.substring(end[0]), blanks || alone ? " " : "");
    }

    private static String joined(List<Piece> pieces, String tail) {
        var joined = new StringBuilder();
        for (Piece piece : pieces) {
            piece.before.forEach(joined::append);
            joined.append(piece.word);
        }
        return joined.append(tail).toString().strip();
    }

    /** Letters, digits or an emoji; punctuation stays in its place. */
    private static boolean isWord(String token) {
        return token.codePoints()
                .anyMatch(c -> Character.isLetterOrDigit(c) || Character.getType(c) == Character.OTHER_SYMBOL);
    }
}
