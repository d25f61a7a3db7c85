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
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One reading of a {@link TableSource}, row by row. */
final class TableReading {
    private final TableSource source;
    private final Path root;
    private final ItemNames names;
    private final TableEdits edits;
    private final Map<String, String> origins;
    private final TableRows rows;
    private final TableColumns columns;
    private final ColumnGuess guess;
    private final List<Example> examples = new ArrayList<>();
    private final List<Rejected> unlabelled = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final Map<String, String> joined = new TreeMap<>();

    private TableReading(TableSource source, Path root, ItemNames names, TableRows rows) {
        this.source = source;
        this.root = root;
        this.names = names;
        this.rows = rows;
        this.guess = new ColumnGuess(source, rows);
        this.columns = guess.columns(names);
        names.forget();
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
        var neither = numbers || !columns.isOneHot() ? Optional.<String>empty() : neither(row);
        if (neither.isPresent()) {
            rejected.add(new Rejected(place, neither.get()));
            return;
        }
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
                .filter(column -> Flags.of(row.cell(column)).orElse(false))
                .map(names::get)
                .toList();
    }

    /** What a row has where there should be 1 or 0. */
    private Optional<String> neither(Table.Row row) {
        return columns.labels().stream()
                .filter(column -> Flags.of(row.cell(column)).isEmpty())
                .findFirst()
                .map(column -> "'" + row.cell(column) + "' in the column "
                        + rows.columns().get(column) + " is neither 1 nor 0");
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
        }
        String column = rows.hasHeader() ? rows.columns().get(columns.part()) : String.valueOf(columns.part());
        var flag = Flags.of(text);
        if (flag.isPresent()) {
            return Optional.of(flagged(column.toLowerCase(Locale.ROOT).replaceAll("[-_ .]", ""), flag.get()));
        }
        var named = Part.named(text);
        if (named.isEmpty()) {
            throw new DataException(
                    source.table().file() + ", row " + row.number() + ", column " + column + ": '" + cell
                            + "' is no part. Expected train, valid or test, or true for validation and false for training."
                            + " Maybe it is misspelt, or another column names the part.");
        }
        return named;
    }

    /** What yes or no means in a column: of validation, unless it is called after another part. */
    private static Part flagged(String column, boolean yes) {
        return switch (column) {
            case "istest" -> yes ? Part.TEST : Part.TRAIN;
            case "istrain" -> yes ? Part.TRAIN : Part.VALID;
            default -> yes ? Part.VALID : Part.TRAIN;
        };
    }

    private Found found() {
        var warnings = new ArrayList<>(rows.warnings());
        warnings.addAll(guess.warnings());
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
