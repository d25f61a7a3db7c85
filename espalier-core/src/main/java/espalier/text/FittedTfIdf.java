package espalier.text;

import espalier.report.DataException;
import java.util.ArrayList;
import java.util.List;

/** Features of texts whose n-grams are known: what {@link TfIdf#fit} makes. Immutable, safe to share between threads. */
public final class FittedTfIdf {
    private static final int SAMPLE = 256;

    private final TfIdf options;
    private final List<NGramTable> tables;

    FittedTfIdf(TfIdf options, List<NGramTable> tables) {
        this.options = options;
        this.tables = List.copyOf(tables);
    }

    static FittedTfIdf of(TfIdf options, List<FeatureNames> names, long texts) {
        List<NGramTable> tables = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            tables.add(new NGramTable(
                    options.kinds().get(i), names.get(i).all(), names.get(i).idf(texts)));
        }
        var fitted = new FittedTfIdf(options, tables);
        if (fitted.size() == 0) {
            throw new DataException("no n-gram occurs in as many of the " + texts
                    + " texts as it must. Maybe another column holds the texts, or there are too few of them.");
        }
        return fitted;
    }

    /** How the features were made. */
    public TfIdf options() {
        return options;
    }

    /** The number of features, F. */
    public int size() {
        return tables.stream().mapToInt(NGramTable::size).sum();
    }

    /** The n-gram of a feature; those of characters have a blank where a word begins or ends. */
    public String name(int column) {
        int at = column;
        for (var table : tables) {
            if (at < table.size()) {
                return table.names().get(at);
            }
            at -= table.size();
        }
        throw new IndexOutOfBoundsException("feature " + column + " of " + size());
    }

    List<NGramTable> tables() {
        return tables;
    }

    /** The features of one text; none when nothing in it is known. */
    public SparseRows.Row transform(String text) {
        String clean = CleanText.of(text, options.lowerCase());
        if (tables.size() == 1) {
            return tables.get(0).row(clean, options.sublinear());
        }
        var rows = tables.stream()
                .map(table -> table.row(clean, options.sublinear()))
                .toList();
        int size = rows.stream().mapToInt(row -> row.columns().length).sum();
        int[] columns = new int[size];
        float[] values = new float[size];
        int at = 0;
        int offset = 0;
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            for (int j = 0; j < row.columns().length; j++) {
                columns[at] = offset + row.columns()[j];
                values[at++] = row.values()[j];
            }
            offset += tables.get(i).size();
        }
        return new SparseRows.Row(columns, values);
    }

    /**
     * The features of texts.
     *
     * @throws DataException when they would not fit into the memory that Java may take
     */
    public SparseRows transform(List<String> texts) {
        checkMemory(texts);
        return SparseRows.of(size(), texts.parallelStream().map(this::transform).toList());
    }

    /** Judges by some texts from all parts of the list, before hours are lost. */
    private void checkMemory(List<String> texts) {
        int step = Math.max(1, texts.size() / SAMPLE);
        long values = 0;
        int seen = 0;
        for (int i = 0; i < texts.size(); i += step) {
            values += transform(texts.get(i)).columns().length;
            seen++;
        }
        long needed = seen == 0 ? 0 : values / seen * texts.size() * TfIdf.BYTES_A_VALUE;
        long most = Runtime.getRuntime().maxMemory();
        if (needed > most) {
            throw new DataException("the features of " + texts.size() + " texts need about " + (needed >> 20)
                    + " MB of memory, and Java may take " + (most >> 20)
                    + " MB. Maybe train on a part of the texts, or give Java more memory by -Xmx.");
        }
    }
}
