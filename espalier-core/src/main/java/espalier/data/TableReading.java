package espalier.data;

import espalier.data.Source.Example;
import espalier.data.Source.Found;
import espalier.data.Splits.Part;
import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One reading of a {@link TableSource}, row by row. */
final class TableReading {
    private static final Set<String> YES = Set.of("true", "yes", "y", "t", "1", "1.0");
    private static final Set<String> NO = Set.of("false", "no", "n", "f", "0", "0.0");

    private final TableSource source;
    private final Path root;
    private final ItemNames names;
    private final TableEdits edits;
    private final Map<String, String> origins;
    private final TableRows rows;
    private final TableColumns columns;
    private final List<Example> examples = new ArrayList<>();
    private final List<Rejected> unlabelled = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final Map<String, String> joined = new TreeMap<>();

    private TableReading(TableSource source, Path root, ItemNames names, TableRows rows) {
        this.source = source;
        this.root = root;
        this.names = names;
        this.rows = rows;
        this.columns = TableColumns.of(source, rows, names);
        this.edits = TableEdits.of(root, source.table().file());
        this.origins = FileSource.origins(root);
    }

    static TableSource.Rows of(TableSource source, Path root) {
        Path beside = source.table().file().toAbsolutePath().getParent();
        var items = Items.imageFiles().find(root).items();
        var names = new ItemNames(
                root, beside == null ? root : beside, items, source.suffix().orElse(""));
        try (var rows = open(source.table(), names)) {
            var reading = new TableReading(source, root, names, rows);
            rows.forEach(reading::read);
            return new TableSource.Rows(reading.found(), reading.columns, rows.hasHeader(), rows.delimiter());
        }
    }

    /** A first row that names a file names no columns. */
    private static TableRows open(Table table, ItemNames names) {
        var rows = table.open();
        boolean file = rows.hasHeader()
                && table.header().isEmpty()
                && rows.columns().stream().anyMatch(cell -> names.find(cell).form() >= 0);
        if (!file) {
            return rows;
        }
        rows.close();
        return table.header(false).open();
    }

    private void read(Table.Row row) {
        int index = (int) row.number() - (rows.hasHeader() ? 0 : 1);
        List<String> cells = edits.apply(index, row.cells());
        if (cells.isEmpty()) {
            return; // taken out by the cleaner
        }
        var now = new Table.Row(row.number(), row.line(), cells, row.fault());
        String name = Table.plain(now.cell(columns.file()));
        String place = "row " + row.number() + " (" + name + ")";
        var match = names.find(name);
        if (now.fault().isPresent()) {
            rejected.add(new Rejected(place, now.fault().get()));
        } else if (columns.labels().stream().anyMatch(label -> !now.has(label))) {
            unlabelled.add(new Rejected(place, "has no label"));
        } else if (match.item().isEmpty()) {
            rejected.add(new Rejected(
                    place, match.several() ? "is the name of several pictures" : "is no picture below " + root));
        } else {
            add(now, match.item().get(), place, index);
        }
    }

    private void add(Table.Row row, Item item, String place, int index) {
        boolean numbers = !source.quantities().isEmpty();
        var labels = numbers
                ? columns.labels().stream().map(row::cell).toList()
                : columns.isOneHot() ? hot(row) : labels(Table.plain(row.cell(columns.label())));
        if (!numbers && !source.tags() && columns.isOneHot() && labels.size() != 1) {
            throw new DataException(
                    source.table().file() + ", row " + row.number() + ": expected one column with 1 among "
                            + rows.described() + ", received " + (labels.isEmpty() ? "none" : labels)
                            + ". Maybe the columns are tags, of which a picture can have any number.");
        }
        if (!source.tags() && labels.stream().allMatch(String::isEmpty)) {
            unlabelled.add(new Rejected(place, "has no label"));
            return;
        }
        String cell = Table.plain(row.cell(columns.part()));
        String key = columns.group() >= 0 ? row.cell(columns.group()) : origins.getOrDefault(item.id(), item.id());
        examples.add(new Example(item.key(key), labels, part(cell, row), cell, index));
    }

    private List<String> hot(Table.Row row) {
        var names = rows.columns();
        return columns.labels().stream()
                .filter(column -> YES.contains(row.cell(column).toLowerCase(Locale.ROOT)))
                .map(names::get)
                .toList();
    }

    private List<String> labels(String cell) {
        if (source.labelDelimiter().isEmpty()) {
            for (String between : new String[] {"|", ";", ","}) {
                if (cell.contains(between)) {
                    joined.putIfAbsent(between, cell);
                }
            }
        }
        if (!source.tags()) {
            return List.of(cell);
        }
        String between = source.labelDelimiter().map(Pattern::quote).orElse("\\s+");
        return Arrays.stream(cell.split(between))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .distinct()
                .toList();
    }

    private Optional<Part> part(String cell, Table.Row row) {
        String text = cell.toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return Optional.empty();
        } else if (YES.contains(text) || NO.contains(text)) {
            return Optional.of(YES.contains(text) ? Part.VALID : Part.TRAIN);
        }
        var named = Part.named(text);
        if (named.isEmpty()) {
            String column = rows.hasHeader() ? rows.columns().get(columns.part()) : String.valueOf(columns.part());
            throw new DataException(
                    source.table().file() + ", row " + row.number() + ", column " + column + ": '" + cell
                            + "' is no part. Expected train, valid or test, or true for validation and false for training."
                            + " Maybe it is misspelt, or another column names the part.");
        }
        return named;
    }

    private Found found() {
        var warnings = new ArrayList<>(rows.warnings());
        warnings.addAll(names.warnings());
        joined.forEach((between, cell) -> warnings.add("labels hold '" + between + "', such as \"" + cell
                + "\", " + (source.tags() ? "as part of a tag" : "as one class")
                + ". Maybe it stands between several labels:"
                + " --label-delimiter '" + between + "' on the command line, tags(\"" + between + "\") in Java"));
        return new Found(parted(), unlabelled, rejected, warnings);
    }

    /** A row that names no part is for training where others name theirs. */
    private List<Example> parted() {
        boolean some = examples.stream().anyMatch(one -> one.part().isPresent());
        return !some
                ? examples
                : examples.stream()
                        .map(one -> one.part().isPresent()
                                ? one
                                : new Example(one.item(), one.labels(), Optional.of(Part.TRAIN), "", one.row()))
                        .toList();
    }
}
