package espalier.clean;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import espalier.data.Table;
import espalier.data.TableEdits;
import espalier.files.AtomicFiles;
import espalier.files.Change;
import espalier.files.Journal;
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

/**
 * A table that is never written to: what changes in it is noted in the journal of its data set, and goes into a new table
 * beside it.
 *
 * @param root the data set
 * @param table the table
 */
record CleanedTable(Path root, Table table) {
    private static final int LONGEST = 200;
    private static final String PATH = "path";

    private Path csv() {
        return table.file();
    }

    private String name() {
        return String.valueOf(csv().getFileName());
    }

    /** Where the new table goes: {@code labels.cleaned.csv} for {@code labels.csv}. */
    Path path() {
        String name = name();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        return csv().resolveSibling(stem + ".cleaned.csv");
    }

    /** Whether a label can stand in a cell. */
    static boolean canName(String label) {
        return !label.isEmpty()
                && label.length() <= LONGEST
                && label.codePoints().noneMatch(Character::isISOControl)
                && label.equals(label.strip())
                && Table.harmless(label).equals(label);
    }

    /** The cells of a row as they are now. @throws IOException when the row is gone */
    List<String> cells(Journal journal, int row) throws IOException {
        var all = edited(journal);
        if (row >= all.size() || all.get(row).isEmpty()) {
            throw new IOException("row " + row + " of " + csv() + " is gone. Maybe it was deleted meanwhile.");
        }
        return all.get(row);
    }

    /**
     * Notes a change of a cell, or that its row is deleted.
     *
     * @param one what is in the row
     * @param was what the cell says
     * @param now what it will say
     */
    Change note(Journal journal, Labelled one, Choice.Action action, int column, String was, String now)
            throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(TableEdits.TABLE, name());
        values.put(PATH, recorded());
        values.put(TableEdits.ROW, Integer.toString(one.row()));
        values.put(TableEdits.COLUMN, Integer.toString(column));
        values.put(TableEdits.WAS, was);
        values.put(TableEdits.NOW, now);
        return journal.note(action.name().toLowerCase(Locale.ROOT), one.file(), values);
    }

    /** Writes the new table; when nothing in it is changed any more, there is none. */
    void write(Journal journal) throws IOException {
        var changed = journal.changes().stream().map(CleanedTable::table).toList();
        String cleaned = String.valueOf(path().getFileName());
        if (!changed.contains(name()) && !changed.contains(cleaned)) {
            Files.deleteIfExists(path());
            return;
        }
        var rows = edited(journal);
        var ends = lineEnds();
        char delimiter;
        try (var open = table.open()) {
            delimiter = open.delimiter();
        }
        AtomicFiles.write(path(), out -> {
            var writer = CsvWriter.builder()
                    .fieldSeparator(delimiter)
                    .lineDelimiter(ends)
                    .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            for (List<String> cells : rows) {
                if (!cells.isEmpty()) {
                    writer.writeRecord(cells.stream().map(Table::harmless).toList());
                }
            }
            writer.flush();
        });
    }

    /** All rows, a header too, with what the journal says; a row that was deleted is empty. */
    private List<List<String>> edited(Journal journal) throws IOException {
        var edits = TableEdits.of(journal, csv());
        var all = new ArrayList<List<String>>();
        try (var rows = table.header(false).open()) {
            for (var row : rows) {
                all.add(edits.apply(all.size(), row.cells()));
            }
        }
        return all;
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

    private String recorded() {
        Path whole = csv().toAbsolutePath().normalize();
        Path folder = root.toAbsolutePath().normalize();
        return (whole.startsWith(folder) ? folder.relativize(whole) : whole)
                .toString()
                .replace('\\', '/');
    }
}
