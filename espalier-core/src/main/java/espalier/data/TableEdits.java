package espalier.data;

import espalier.files.Change;
import espalier.files.Journal;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was changed in a table without writing to it: the cleaner notes cells in the journal of the data set. Everything that
 * reads the table reads it with these changes.
 */
public final class TableEdits {
    /** The keys of the values that a change has. */
    public static final String TABLE = "table";

    /** The row, from 0, a header counted, empty lines not. */
    public static final String ROW = "row";

    /** The column, from 0. */
    public static final String COLUMN = "column";

    /** What the cell said. */
    public static final String WAS = "was";

    /** What it says now. */
    public static final String NOW = "now";

    private final Map<Integer, List<Change>> byRow = new HashMap<>();

    private TableEdits() {}

    /** No changes. */
    public static TableEdits none() {
        return new TableEdits();
    }

    /** The changes that the journal of the data set {@code root} has of this table. */
    public static TableEdits of(Path root, Path csv) {
        try {
            return of(Journal.of(root), csv);
        } catch (IOException unreadable) {
            throw DataException.unreadable(
                    root + "/" + Journal.FOLDER,
                    Table.reason(unreadable),
                    "Maybe the journal in it is damaged.",
                    unreadable);
        }
    }

    /** The changes that a journal has of this table. */
    public static TableEdits of(Journal journal, Path csv) throws IOException {
        var edits = new TableEdits();
        String name = String.valueOf(csv.getFileName());
        for (Change change : journal.changes()) {
            var values = change.values();
            if (values.getOrDefault(TABLE, "").equals(name)) {
                int row = Integer.parseInt(values.getOrDefault(ROW, "0"));
                edits.byRow.computeIfAbsent(row, key -> new ArrayList<>()).add(change);
            }
        }
        return edits;
    }

    /** Whether nothing is changed. */
    public boolean isEmpty() {
        return byRow.isEmpty();
    }

    /** The cells of a row as they are now; none when the row was deleted. */
    public List<String> apply(int row, List<String> cells) {
        List<String> now = cells;
        for (Change change : byRow.getOrDefault(row, List.of())) {
            int column = Integer.parseInt(change.values().getOrDefault(COLUMN, "0"));
            if (column >= now.size() || !now.get(column).equals(change.values().get(WAS))) {
                continue; // the table is another one now
            }
            if (change.action().equals("delete")) {
                now = List.of();
            } else {
                now = new ArrayList<>(now);
                now.set(column, change.values().getOrDefault(NOW, ""));
            }
        }
        return now;
    }
}
