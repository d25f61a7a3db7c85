package espalier.text;

import espalier.report.Progress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * How texts become features: the n-grams of each, weighted by how often it holds them and how rare they are.
 *
 * <p>The formulas are those of scikit-learn's {@code TfidfVectorizer}: {@code idf = ln((1 + n) / (1 + texts)) + 1}; the
 * frequency {@code tf} counts as {@code 1 + ln(tf)}; the features of each kind of n-grams have the length 1, as in a
 * {@code FeatureUnion}. What differs: n-grams in a single text are left out ({@code min_df=2}), which loses nothing and makes
 * models a third as large, and the columns are in the order of frequency.
 *
 * @param kinds the kinds of n-grams
 * @param lowerCase whether {@code The} counts as {@code the}
 * @param sublinear whether {@code tf} counts as {@code 1 + ln(tf)} rather than as it is
 * @param minTexts in how many texts an n-gram must occur; 0 in 2 of them, or in 1 where there are fewer than 200
 * @param maxFeatures the most n-grams of each kind, the most frequent ones; 0 as many as a classifier can train with
 */
public record TfIdf(List<NGrams> kinds, boolean lowerCase, boolean sublinear, int minTexts, int maxFeatures) {
    /** How many different n-grams are counted at the same time: 8 million take 200 MB. */
    static final int MOST_COUNTED = 1 << 23;

    /** As many n-grams as a model needs not be asked for. */
    static final int USUAL_FEATURES = 500_000;

    /** Columns, values, and both once more while they are put together. */
    static final long BYTES_A_VALUE = 24;

    private static final int SAMPLE = 256;
    private static final int FEW_TEXTS = 200;
    private static final int AT_ONCE = 2_048;

    public TfIdf {
        kinds = List.copyOf(kinds);
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("features need at least one kind of n-grams. Maybe NGrams.words(1, 2).");
        }
        if (minTexts < 0 || maxFeatures < 0) {
            throw new IllegalArgumentException(
                    "neither the texts of an n-gram nor the number of n-grams can be below 0, but" + " got " + minTexts
                            + " and " + maxFeatures + ". Maybe 0, which chooses.");
        }
    }

    /** Of some kinds of n-grams. */
    public static TfIdf of(NGrams... kinds) {
        return new TfIdf(List.of(kinds), true, true, 0, 0);
    }

    /** One and two words, and two to five characters within words. */
    public static TfIdf standard() {
        return of(NGrams.words(1, 2), NGrams.characters(2, 5));
    }

    /** A copy that takes capitals for other letters. */
    public TfIdf keepCase() {
        return new TfIdf(kinds, false, sublinear, minTexts, maxFeatures);
    }

    /** A copy that takes frequencies as they are. */
    public TfIdf linear() {
        return new TfIdf(kinds, lowerCase, false, minTexts, maxFeatures);
    }

    /** A copy whose n-grams must occur in other numbers of texts. */
    public TfIdf minTexts(int minTexts) {
        return new TfIdf(kinds, lowerCase, sublinear, minTexts, maxFeatures);
    }

    /** A copy with at most so many n-grams of each kind. */
    public TfIdf maxFeatures(int maxFeatures) {
        return new TfIdf(kinds, lowerCase, sublinear, minTexts, maxFeatures);
    }

    /**
     * Finds the features of texts, which are gone through twice and never held together: millions can come from a file.
     *
     * @throws espalier.report.DataException when no n-gram occurs in as many texts as it must
     */
    public FittedTfIdf fit(Iterable<String> texts) {
        return fit(texts, Progress.NONE);
    }

    /** The same, telling how many texts have been counted. */
    public FittedTfIdf fit(Iterable<String> texts, Progress progress) {
        return fit(texts, MOST_COUNTED, progress);
    }

    FittedTfIdf fit(Iterable<String> texts, int mostCounted, Progress progress) {
        var counters = kinds.stream()
                .map(kind -> new NGramCounter(kind, mostCounted / kinds.size()))
                .toList();
        long[] count = {0};
        inChunks(texts, chunk -> {
            counters.forEach(counter -> counter.add(chunk));
            count[0] += chunk.size();
            progress.update(count[0], -1, "counting");
        });
        int least = minTexts > 0 ? minTexts : count[0] < FEW_TEXTS ? 1 : 2;
        int most = maxFeatures == 0 ? USUAL_FEATURES : maxFeatures;
        List<FeatureNames> names = new ArrayList<>();
        counters.forEach(counter -> names.add(new FeatureNames(counter.kind(), counter.frequent(least, most))));
        inChunks(texts, chunk -> names.forEach(kind -> kind.find(chunk)));
        return FittedTfIdf.of(this, names, count[0]);
    }

    /** About how many bytes the features of texts take, by some from all parts of the list. */
    long bytes(List<String> texts) {
        int step = Math.max(1, texts.size() / SAMPLE);
        long[] values = new long[1];
        int seen = 0;
        for (int i = 0; i < texts.size(); i += step) {
            String clean = CleanText.of(texts.get(i), lowerCase);
            kinds.forEach(kind -> new NGramReader(kind).read(clean, (hash, from, to) -> values[0]++));
            seen++;
        }
        return seen == 0 ? 0 : values[0] * BYTES_A_VALUE / seen * texts.size();
    }

    /** Takes a chunk of texts, as they are counted. */
    private interface Chunks {
        void take(List<String> texts);
    }

    private void inChunks(Iterable<String> texts, Chunks chunks) {
        List<String> chunk = new ArrayList<>(AT_ONCE);
        for (Iterator<String> all = texts.iterator(); all.hasNext(); ) {
            chunk.add(CleanText.of(all.next(), lowerCase));
            if (chunk.size() == AT_ONCE || !all.hasNext()) {
                chunks.take(chunk);
                chunk.clear();
            }
        }
    }
}
