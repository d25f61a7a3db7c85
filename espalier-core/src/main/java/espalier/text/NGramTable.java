package espalier.text;

import java.util.Arrays;
import java.util.List;

/** The features of one kind of n-grams: names, columns, rarities. */
final class NGramTable {
    private final NGrams kind;
    private final List<String> names;
    private final float[] idf;
    private final HashTable columns;

    /** @throws IllegalArgumentException when an n-gram occurs twice */
    NGramTable(NGrams kind, List<String> names, float[] idf) {
        this.kind = kind;
        this.names = List.copyOf(names);
        this.idf = idf;
        this.columns = new HashTable(names.size());
        for (int i = 0; i < names.size(); i++) {
            columns.put(NGramReader.hash(names.get(i)), i);
        }
        if (columns.size() < names.size()) {
            throw new IllegalArgumentException("an n-gram occurs twice among the features. Maybe the file is damaged.");
        }
    }

    NGrams kind() {
        return kind;
    }

    List<String> names() {
        return names;
    }

    float[] idf() {
        return idf;
    }

    int size() {
        return names.size();
    }

    /** The columns and values of one text, of length 1 together; empty when it holds no known n-gram. */
    SparseRows.Row row(String text, boolean sublinear) {
        int[] found = found(text);
        int[] distinct = new int[found.length];
        float[] values = new float[found.length];
        int size = 0;
        double squares = 0;
        for (int i = 0; i < found.length; ) {
            int next = i + 1;
            while (next < found.length && found[next] == found[i]) {
                next++;
            }
            double tf = sublinear ? 1 + Math.log(next - i) : next - i;
            double value = tf * idf[found[i]];
            squares += value * value;
            distinct[size] = found[i];
            values[size++] = (float) value;
            i = next;
        }
        float length = (float) Math.sqrt(squares);
        for (int i = 0; i < size; i++) {
            values[i] /= length;
        }
        return new SparseRows.Row(Arrays.copyOf(distinct, size), Arrays.copyOf(values, size));
    }

    /** The columns of the known n-grams of a text, ascending, as often as they occur. */
    private int[] found(String text) {
        int[][] found = {new int[256]};
        int[] size = {0};
        new NGramReader(kind).read(text, (hash, from, to) -> {
            int column = columns.get(hash, -1);
            if (column >= 0) {
                if (size[0] == found[0].length) {
                    found[0] = Arrays.copyOf(found[0], 2 * size[0]);
                }
                found[0][size[0]++] = column;
            }
        });
        int[] all = Arrays.copyOf(found[0], size[0]);
        Arrays.sort(all);
        return all;
    }
}
