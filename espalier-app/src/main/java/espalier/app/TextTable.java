package espalier.app;

import espalier.clean.Labelled;
import espalier.clean.TextSet;
import espalier.data.Table;
import espalier.data.TableEdits;
import espalier.data.TableRows;
import espalier.data.Targets;
import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Texts and their labels in the columns of a table.
 *
 * <pre>{@code
 * var tweets = TextTable.of(Path.of("tweets.csv")).columns("5", "0");
 * }</pre>
 *
 * @param table the table
 * @param textColumn the name or number, from 0, of the column with the texts; empty: the one with a name such as
 *     {@code text}
 * @param labelColumn the same of the labels; empty: the one with a name such as {@code label}
 * @param tags whether a text may have any number of labels, with blanks, commas, semicolons or bars between
 * @param target the names or numbers of the columns with quantities to be said of each text instead of labels; mostly none
 */
public record TextTable(
        Table table, Optional<String> textColumn, Optional<String> labelColumn, boolean tags, List<String> target) {
    private static final List<String> TEXTS =
            List.of("text", "texts", "tweet", "message", "sentence", "review", "comment", "content", "body");
    private static final List<String> LABELS =
            List.of("label", "labels", "class", "category", "target", "sentiment", "tag", "tags");
    private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none", "#na#", "#n/a");
    private static final int MOST_KNOWN = 10_000;
    private static final String TEXT = "--text-column";
    private static final String LABEL = "--label-column";
    private static final String TARGET = "--target";

    public TextTable {
        target = List.copyOf(target);
        if (!target.isEmpty() && tags) {
            throw new IllegalArgumentException(
                    "a text has tags or quantities, not both. Maybe leave out the tags, or the columns " + target
                            + ".");
        }
    }

    /** A table whose columns are known by their names. */
    public static TextTable of(Path csv) {
        return new TextTable(Table.of(csv), Optional.empty(), Optional.empty(), false, List.of());
    }

    /** A copy with other columns, by name or by number from 0. */
    public TextTable columns(String text, String label) {
        return new TextTable(table, Optional.of(text), Optional.of(label), tags, target);
    }

    /** A copy whose first row names the columns, or does not. */
    public TextTable header(boolean header) {
        return new TextTable(table.header(header), textColumn, labelColumn, tags, target);
    }

    /** A copy whose texts may have any number of labels, or have one each. */
    public TextTable tags(boolean tags) {
        return new TextTable(table, textColumn, labelColumn, tags, target);
    }

    /** A copy with quantities in these columns, by name or by number from 0, instead of labels. */
    public TextTable numbers(String... columns) {
        return new TextTable(table, textColumn, labelColumn, tags, List.of(columns));
    }

    /** A copy with the columns that a model was trained on, where this does not say which. */
    public TextTable like(ModelDocument model) {
        var options = RunOptions.of(model);
        return new TextTable(
                table,
                textColumn.or(() -> options.value(TEXT, text -> text)),
                labelColumn.or(() -> options.value(LABEL, text -> text)),
                model.isMultiLabel(),
                target.isEmpty()
                        ? options.value(TARGET, text -> List.of(text.split(",")))
                                .orElse(target)
                        : target);
    }

    /** What a model file keeps, by the names of the command line. */
    Map<String, String> options(TableRows rows) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(TEXT, textColumn.orElseGet(() -> rows.columns().get(text(rows))));
        if (target.isEmpty()) {
            options.put(LABEL, labelColumn.orElseGet(() -> rows.columns().get(label(rows))));
            options.put("--tags", String.valueOf(tags));
        } else {
            options.put(TARGET, String.join(",", target));
        }
        return options;
    }

    /** The position of the texts. @throws DataException when it is not known, naming the columns that there are */
    public int text(TableRows rows) {
        return position(rows, textColumn, TEXTS, "texts");
    }

    /** The position of the labels. @throws DataException when it is not known, naming the columns that there are */
    public int label(TableRows rows) {
        return position(rows, labelColumn, LABELS, "labels");
    }

    private int position(TableRows rows, Optional<String> said, List<String> usual, String what) {
        if (said.isPresent()) {
            return rows.column(said.get());
        }
        var names = rows.columns().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return usual.stream()
                .filter(name -> rows.hasHeader() && names.contains(name))
                .findFirst()
                .map(names::indexOf)
                .orElseThrow(() -> new DataException(table.file() + ": no column has a name that is usual for " + what
                        + (rows.hasHeader() ? "" : ", as its first row is no header") + ". Its columns are "
                        + String.join(", ", rows.columns()) + ". Maybe say which one holds the " + what
                        + ": by its name, or by its number from 0."));
    }

    /** The texts as the cleaner takes them. */
    public TextSet set() {
        return new TextSet(table, this::labelled, tags ? " " : "", Map.of());
    }

    private TextSet.Rows labelled(TableEdits edits) {
        var rows = read(edits);
        var texts = new ArrayList<Labelled>();
        for (int i = 0; i < rows.texts().size(); i++) {
            String name = table.file().getFileName() + " line " + rows.lines().get(i);
            texts.add(new Labelled(
                    name,
                    rows.places().get(i),
                    rows.labels().get(i),
                    "",
                    rows.texts().get(i)));
        }
        try (var open = table.open()) {
            return new TextSet.Rows(texts, rows.rejected(), label(open));
        }
    }

    /**
     * The usable rows.
     *
     * @param texts the texts
     * @param labels the labels of each, or its quantities as they are written
     * @param quantities what the quantities are called; none where there are labels
     * @param lines on which line of the file each begins
     * @param places in which row of the file each is, from 0, a header counted
     * @param rejected the rows that were left out
     * @param warnings what is odd about the table
     * @param options the columns that were used
     */
    public record Rows(
            List<String> texts,
            List<List<String>> labels,
            List<String> quantities,
            List<Long> lines,
            List<Integer> places,
            List<Rejected> rejected,
            List<String> warnings,
            Map<String, String> options) {}

    /**
     * Reads all rows. Rows without a text, without a label (also {@code NA}, {@code nan} and the like), or with too many
     * cells are left out and told of.
     *
     * @throws DataException when the table cannot be read, has no such columns, or no row can be used
     */
    public Rows read() {
        return read(TableEdits.none());
    }

    private Rows read(TableEdits edits) {
        try (var rows = table.open()) {
            var columns = new Columns(
                    text(rows),
                    target.isEmpty()
                            ? List.of(label(rows))
                            : target.stream().map(rows::column).toList());
            var quantities = target.isEmpty()
                    ? List.<String>of()
                    : columns.labels.stream().map(rows.columns()::get).toList();
            var read = new Rows(
                    new ArrayList<>(),
                    new ArrayList<>(),
                    quantities,
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    rows.warnings(),
                    options(rows));
            Map<String, List<String>> known = new HashMap<>(); // a million texts share a few labels
            for (var row : rows) {
                int place = (int) row.number() - (rows.hasHeader() ? 0 : 1);
                var cells = edits.apply(place, row.cells());
                if (!cells.isEmpty()) {
                    add(new Table.Row(row.number(), row.line(), cells, row.fault()), place, columns, read, known);
                }
            }
            if (read.texts.isEmpty()) {
                throw new DataException(table.file() + ": "
                        + (read.rejected.isEmpty()
                                ? "there is no row but the header"
                                : "no row can be used; " + read.rejected.get(0).file() + " "
                                        + read.rejected.get(0).reason())
                        + ". Maybe other columns hold the texts and the labels: there are "
                        + String.join(", ", rows.columns()) + ".");
            }
            return read;
        }
    }

    /**
     * Where things are.
     *
     * @param labels the column of the labels, or those of the quantities
     */
    private record Columns(int text, List<Integer> labels) {}

    private void add(Table.Row row, int place, Columns columns, Rows read, Map<String, List<String>> known) {
        int text = columns.text;
        var labels = labels(row, columns.labels, known);
        var reason = row.fault()
                .or(() -> row.cell(text).isEmpty() ? Optional.of("has no text") : Optional.empty())
                .or(() -> unusable(row, columns.labels, labels, read.quantities));
        if (reason.isPresent()) {
            read.rejected.add(new Rejected("line " + row.line(), reason.get()));
            return;
        }
        read.texts.add(Table.plain(row.cell(text)));
        read.labels.add(labels);
        read.lines.add(row.line());
        read.places.add(place);
    }

    private List<String> labels(Table.Row row, List<Integer> columns, Map<String, List<String>> known) {
        if (!target.isEmpty()) {
            return columns.stream().map(row::cell).toList();
        }
        String cell = Table.plain(row.cell(columns.get(0)));
        return known.size() < MOST_KNOWN ? known.computeIfAbsent(cell, this::labels) : labels(cell);
    }

    private Optional<String> unusable(
            Table.Row row, List<Integer> columns, List<String> labels, List<String> quantities) {
        if (!quantities.isEmpty()) {
            return Targets.numbers(quantities.toArray(String[]::new)).malformed(labels);
        }
        boolean none = labels.isEmpty() && !(tags && row.has(columns.get(0)));
        return none ? Optional.of("has no label") : Optional.empty();
    }

    private List<String> labels(String cell) {
        if (MISSING.contains(cell.toLowerCase(Locale.ROOT))) {
            return List.of();
        }
        return tags
                ? Stream.of(cell.split("[\\s,;|]+"))
                        .filter(tag -> !tag.isEmpty())
                        .distinct()
                        .toList()
                : List.of(cell);
    }
}
