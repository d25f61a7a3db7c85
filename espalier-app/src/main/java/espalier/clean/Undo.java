package espalier.clean;

import espalier.data.Table;
import espalier.files.CannotWriteException;
import espalier.files.Change;
import espalier.files.Destination;
import espalier.files.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes back what was done to a data set: its files, and the rows of its tables, whose cleaned copies are written anew or
 * removed. A table that lies in the data set is known; of any other the journal's word is not enough, as a data set may
 * come from anywhere. Immutable.
 *
 * <pre>{@code
 * Undo.of(Path.of("data/pets")).all();
 * }</pre>
 */
public final class Undo {
    private final Path root;
    private final List<Path> tables;
    private final Journal journal;
    private final boolean alone;

    private interface Work {
        Journal.Undone run() throws IOException;
    }

    private Undo(Path root, List<Path> tables, Journal journal, boolean alone) {
        this.root = root;
        this.tables = List.copyOf(tables);
        this.journal = journal;
        this.alone = alone;
    }

    /** What was done to the data set {@code root}. */
    public static Undo of(Path root) {
        return new Undo(root, List.of(), Journal.of(root), false);
    }

    /** The same for a cleaner that has its turn. */
    static Undo of(Path root, Journal journal) {
        return new Undo(root, List.of(), journal, true);
    }

    /** The same, with a table that lies elsewhere. */
    public Undo table(Path csv) {
        var all = new ArrayList<>(tables);
        all.add(csv);
        return new Undo(root, all, journal, alone);
    }

    /**
     * Takes everything back, the latest first.
     *
     * @throws CannotWriteException before anything is done, when the data set is open in a cleaner, or a table was changed
     *     and it is not known where it is, or its cleaned copy cannot be written
     */
    public Journal.Undone all() throws IOException {
        return run(0, journal::undoAll);
    }

    /** Takes one change back, with those made later to the same file. @throws CannotWriteException as {@link #all} */
    public Journal.Undone change(long id) throws IOException {
        return run(id, () -> journal.undo(id));
    }

    private Journal.Undone run(long earliest, Work work) throws IOException {
        if (alone) {
            return undo(earliest, work);
        }
        try (var turn = CleanLock.take(root)) {
            return undo(earliest, work);
        }
    }

    private Journal.Undone undo(long earliest, Work work) throws IOException {
        var changed = changed(earliest);
        try {
            return work.run();
        } finally {
            for (var table : changed) {
                table.write(journal);
            }
        }
    }

    /** The tables that were changed since. */
    private List<CleanedTable> changed(long earliest) throws IOException {
        Map<String, Change> byName = new LinkedHashMap<>();
        for (Change change : journal.changes()) {
            if (change.id() >= earliest && !CleanedTable.table(change).isEmpty()) {
                byName.put(CleanedTable.table(change), change);
            }
        }
        var sets = new ArrayList<CleanedTable>();
        for (Change change : byName.values()) {
            var table = cleaned(place(change).orElseThrow(() -> unknown(change)));
            Destination.file(table.path());
            sets.add(table);
        }
        return sets;
    }

    private CleanedTable cleaned(Path csv) {
        return new CleanedTable(root, Table.of(csv));
    }

    private Optional<Path> place(Change change) {
        String name = CleanedTable.table(change);
        return tables.stream()
                .filter(csv -> String.valueOf(csv.getFileName()).equals(name))
                .findFirst()
                .or(() -> below(CleanedTable.place(change).isEmpty() ? name : CleanedTable.place(change))
                        .filter(csv -> String.valueOf(csv.getFileName()).equals(name)));
    }

    /** A table in the data set. */
    private Optional<Path> below(String relative) {
        try {
            return Optional.of(journal.inside(relative))
                    .filter(csv ->
                            Files.exists(csv) || Files.exists(cleaned(csv).path()));
        } catch (IllegalArgumentException outside) {
            return Optional.empty();
        }
    }

    private CannotWriteException unknown(Change change) {
        String name = CleanedTable.table(change);
        String place = CleanedTable.place(change).isEmpty() ? name : CleanedTable.place(change);
        return CannotWriteException.refused(
                cleaned(Path.of(name)).path(),
                "rows of the table " + name + " were changed, and it does not lie in " + root + "; nothing was undone",
                "Maybe say where it is: espalier verify " + root + " --undo --csv " + place);
    }
}
