package espalier.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts in how many texts each n-gram occurs, in bounded memory: with too many different ones the rarest are forgotten.
 * The counts do not depend on how many threads there are.
 */
final class NGramCounter {
    private static final int PARTS_LOG = 4;
    private static final int PARTS = 1 << PARTS_LOG;

    private final NGrams kind;
    private final int mostInPart;
    private final HashTable[] parts = new HashTable[PARTS];
    private final int[] forgotten = new int[PARTS];

    /** An n-gram and the number of texts that hold it. */
    record Counted(long hash, int texts) {}

    /** @param most how many different n-grams are held at the same time */
    NGramCounter(NGrams kind, int most) {
        this.kind = kind;
        this.mostInPart = Math.max(1, most / PARTS);
        Arrays.setAll(parts, i -> new HashTable(1));
    }

    /** What is counted. */
    NGrams kind() {
        return kind;
    }

    /** Counts the n-grams of some texts. */
    void add(List<String> texts) {
        long[][] hashes = texts.parallelStream()
                .map(text -> distinct(new NGramReader(kind), text))
                .toArray(long[][]::new);
        IntStream.range(0, PARTS).parallel().forEach(part -> addPart(part, hashes));
    }

    /** The hashes in a text, each once, in ascending order. */
    private static long[] distinct(NGramReader reader, String text) {
        var hashes = new LongList();
        reader.read(text, (hash, from, to) -> hashes.add(hash));
        return hashes.distinct();
    }

    private void addPart(int part, long[][] hashes) {
        long first = ((long) part << (Long.SIZE - PARTS_LOG)) + Long.MIN_VALUE;
        long last = first + (-1L >>> PARTS_LOG);
        var table = parts[part];
        for (long[] text : hashes) {
            int at = Arrays.binarySearch(text, first);
            for (int i = at < 0 ? -at - 1 : at; i < text.length && text[i] <= last; i++) {
                table.increment(text[i]);
            }
        }
        while (table.size() > mostInPart) {
            table.removeUpTo(++forgotten[part]);
        }
    }

    /** By how much a count may be too low because of what was forgotten; 0 when all counts are exact. */
    int forgotten() {
        return Arrays.stream(forgotten).max().orElse(0);
    }

    /** The n-grams in at least {@code least} texts, the most frequent first, at most {@code most}. */
    List<Counted> frequent(int least, int most) {
        List<Counted> all = new ArrayList<>();
        for (var part : parts) {
            part.forEach((hash, texts) -> {
                if (texts >= least) {
                    all.add(new Counted(hash, texts));
                }
            });
        }
        all.sort(Comparator.comparingInt(Counted::texts).reversed().thenComparingLong(Counted::hash));
        return all.size() > most ? new ArrayList<>(all.subList(0, most)) : all;
    }

    /** Hashes, growing. */
    private static final class LongList {
        private long[] values = new long[512];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        long[] distinct() {
            Arrays.sort(values, 0, size);
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || values[i] != values[i - 1]) {
                    values[kept++] = values[i];
                }
            }
            return Arrays.copyOf(values, kept);
        }
    }
}
