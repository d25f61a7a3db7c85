package espalier.clean;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import espalier.data.Source;
import espalier.data.Table;
import espalier.data.TableEdits;
import espalier.data.TableSource;
import espalier.files.AtomicFiles;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.report.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A data set whose labels are the cells of a table in CSV. The table is never written to: what changes goes into a
 * new one beside it, {@code labels.cleaned.csv} for {@code labels.csv}, and pictures stay where they are.
 *
 * @param root the folder that holds the pictures
 * @param source how the table is read
 */
public record TableSet(Path root, TableSource source) implements LabelledSet {
    private static final int LONGEST = 200;
    private static final String PATH = "path";

    /** The data set of the pictures below {@code root} and the table {@code csv}, with one label a picture. */
    public static TableSet of(Path root, Path csv) {
        return new TableSet(root, Source.table(csv));
    }

    /** The same with tags, and {@code separator} between them. */
    public TableSet separator(String separator) {
        return new TableSet(root, separator.isEmpty() ? source.tags(false) : source.tags(separator));
    }

    /** The table. */
    public Path csv() {
        return source.table().file();
    }

    /** What stands between the tags of a cell. */
    private String between() {
        return source.labelDelimiter().orElse(" ");
    }

    /** Where the cleaned table goes: beside the old one. */
    public Path cleaned() {
        String name = name();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        return csv().resolveSibling(stem + ".cleaned.csv");
    }

    @Override
    public Found find() {
        var found = rows().found();
        var pictures = found.examples().stream()
                .map(one -> new Labelled(one.item().id(), one.row(), one.labels(), one.partName()))
                .toList();
        return new Found(pictures, found.leftOut()).withoutLinks(root);
    }

    private TableSource.Rows rows() {
        var rows = source.rows(root);
        if (rows.columns().isOneHot()) {
            throw new DataException(csv() + " has a column for each label, and the cleaner changes one cell of labels."
                    + " Maybe another table has all labels in one column.");
        }
        return rows;
    }

    @Override
    public List<String> splits() {
        var splits = new TreeSet<String>();
        find().pictures().forEach(picture -> splits.add(picture.split()));
        splits.remove("");
        return splits.size() > 1 ? List.copyOf(splits) : List.of();
    }

    @Override
    public boolean canName(String label) {
        boolean plain = label.codePoints().noneMatch(Character::isISOControl) && label.equals(label.strip());
        boolean whole = !source.tags() || !label.contains(between());
        return plain
                && whole
                && !label.isEmpty()
                && label.length() <= LONGEST
                && Table.harmless(label).equals(label);
    }

    @Override
    public Optional<String> target(Labelled picture, Choice choice) {
        return Optional.of(picture.file());
    }

    @Override
    public Change carryOut(Labelled picture, Choice choice, Journal journal) throws IOException {
        var rows = rows();
        List<String> cells = edited(journal, rows).get(picture.row());
        if (cells.isEmpty()) {
            throw new IOException(
                    "row " + picture.row() + " of " + csv() + " is gone. Maybe it was deleted meanwhile.");
        }
        int column =
                switch (choice.action()) {
                    case RELABEL -> rows.columns().label();
                    case MOVE -> rows.columns().part();
                    default -> rows.columns().file();
                };
        Map<String, String> values = new LinkedHashMap<>();
        values.put(TableEdits.TABLE, name());
        values.put(PATH, recorded());
        values.put(TableEdits.ROW, Integer.toString(picture.row()));
        values.put(TableEdits.COLUMN, Integer.toString(column));
        values.put(TableEdits.WAS, cells.get(column));
        values.put(TableEdits.NOW, String.join(between(), choice.values()));
        return journal.note(choice.action().name().toLowerCase(Locale.ROOT), picture.file(), values);
    }

    /** Writes the cleaned table; when nothing in it is changed any more, there is none. */
    @Override
    public void settle(Journal journal) throws IOException {
        var changed = journal.changes().stream().map(TableSet::table).toList();
        String cleaned = String.valueOf(cleaned().getFileName());
        if (!changed.contains(name()) && !changed.contains(cleaned)) {
            Files.deleteIfExists(cleaned());
            return;
        }
        var rows = rows();
        var table = edited(journal, rows);
        var ends = lineEnds();
        AtomicFiles.write(cleaned(), out -> {
            var writer = CsvWriter.builder()
                    .fieldSeparator(rows.delimiter())
                    .lineDelimiter(ends)
                    .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            for (List<String> cells : table) {
                if (!cells.isEmpty()) {
                    writer.writeRecord(cells.stream().map(Table::harmless).toList());
                }
            }
            writer.flush();
        });
    }

    /** How the lines of the table end, so that a comparison with the cleaned one shows what was changed. */
    private LineDelimiter lineEnds() throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(csv()))) {
            int before = -1;
            for (int at = in.read(); at >= 0 && at != '\n'; at = in.read()) {
                before = at;
            }
            return before == '\r' ? LineDelimiter.CRLF : LineDelimiter.LF;
        }
    }

    /** The name of the table whose row a change changed; empty when it changed none. */
    static String table(Change change) {
        return change.values().getOrDefault(TableEdits.TABLE, "");
    }

    /** Where the table of a change was: below the data set, or else as a whole path; empty when that is not known. */
    static String place(Change change) {
        return change.values().getOrDefault(PATH, "");
    }

    private String name() {
        return String.valueOf(csv().getFileName());
    }

    private String recorded() {
        Path whole = csv().toAbsolutePath().normalize();
        Path folder = root.toAbsolutePath().normalize();
        return (whole.startsWith(folder) ? folder.relativize(whole) : whole)
                .toString()
                .replace('\\', '/');
    }

    /** All rows, a header too, with what the journal says; a row that was deleted is empty. */
    private List<List<String>> edited(Journal journal, TableSource.Rows like) throws IOException {
        var edits = TableEdits.of(journal, csv());
        var all = new ArrayList<List<String>>();
        try (var rows = source.table().delimiter(like.delimiter()).header(false).open()) {
            for (var row : rows) {
                boolean names = like.header() && all.isEmpty();
                all.add(names ? row.cells() : edits.apply(all.size(), row.cells()));
            }
        }
        return all;
    }
}
