package espalier.text;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The names of frequent n-grams, which are known by their hashes alone while all are counted. */
final class FeatureNames {
    private final NGrams kind;
    private final List<NGramCounter.Counted> frequent;
    private final HashTable columns;
    private final AtomicReferenceArray<String> names;
    private final AtomicInteger missing;

    FeatureNames(NGrams kind, List<NGramCounter.Counted> frequent) {
        this.kind = kind;
        this.frequent = frequent;
        this.columns = new HashTable(frequent.size());
        this.names = new AtomicReferenceArray<>(frequent.size());
        this.missing = new AtomicInteger(frequent.size());
        for (int i = 0; i < frequent.size(); i++) {
            columns.put(frequent.get(i).hash(), i);
        }
    }

    /** Looks for names in texts, while any is missing. */
    void find(List<String> texts) {
        if (missing.get() > 0) {
            texts.parallelStream().forEach(this::find);
        }
    }

    private void find(String text) {
        var reader = new NGramReader(kind);
        reader.read(text, (hash, from, to) -> {
            int column = columns.get(hash, -1);
            if (column >= 0 && names.get(column) == null && names.compareAndSet(column, null, reader.name(from, to))) {
                missing.decrementAndGet();
            }
        });
    }

    /** The names, the most frequent first. */
    List<String> all() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < names.length(); i++) {
            all.add(names.get(i));
        }
        return all;
    }

    /** The rarity of each n-gram among {@code texts} texts. */
    float[] idf(long texts) {
        float[] idf = new float[frequent.size()];
        for (int i = 0; i < idf.length; i++) {
            idf[i] = (float) (Math.log((1.0 + texts) / (1.0 + frequent.get(i).texts())) + 1);
        }
        return idf;
    }
}
