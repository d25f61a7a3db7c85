package espalier.app;

import espalier.clean.Labelled;
import espalier.clean.LabelledSet;
import espalier.clean.TableSet;
import espalier.data.DataException;
import espalier.data.Item;
import espalier.data.Items;
import espalier.data.Splits;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The pictures of a table in CSV as they are now, with what was changed by the cleaner; see {@link TableSet}. */
final class TablePictures {
    private static final Set<String> VALID = Set.of("valid", "val", "validation", "dev", "true", "yes", "1");
    private static final Set<String> TEST = Set.of("test", "testing");

    private final Items.Found found;
    private final Map<String, Labelled> rows;

    private TablePictures(Items.Found found, Map<String, Labelled> rows) {
        this.found = found;
        this.rows = rows;
    }

    /**
     * Reads the table.
     *
     * @param separator what stands between the labels of a cell; empty when a cell is one label
     * @throws DataException when it cannot be read
     */
    static TablePictures of(Path root, Path csv, String separator) {
        LabelledSet.Found table;
        try {
            table = TableSet.of(root, csv).separator(separator).find();
        } catch (IOException unreadable) {
            throw new DataException("cannot read " + csv + ": " + unreadable + ". Maybe it is misspelt.", unreadable);
        }
        var rows = new TreeMap<String, Labelled>((a, b) ->
                Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
        var rejected = new ArrayList<>(table.rejected());
        for (Labelled picture : table.pictures()) {
            if (rows.putIfAbsent(picture.file(), picture) != null) {
                rejected.add(new Rejected("row " + picture.row() + " (" + picture.file() + ")", "is there twice"));
            }
        }
        var items = rows.keySet().stream()
                .map(file -> new Item(file, root.resolve(file)))
                .toList();
        return new TablePictures(new Items.Found(items, rejected), rows);
    }

    /** The pictures in the order of their paths, and the rows that name none. */
    Items.Found found() {
        return found;
    }

    List<String> labels(Item item) {
        return row(item).labels();
    }

    /** The split that the table's own column says; empty when it has none. */
    Optional<Splits> splits() {
        return rows.values().stream().allMatch(row -> row.split().isBlank())
                ? Optional.empty()
                : Optional.of((items, labels) -> items.stream().map(this::part).toList());
    }

    private Splits.Part part(Item item) {
        String split = row(item).split().strip().toLowerCase(Locale.ROOT);
        if (VALID.contains(split)) {
            return Splits.Part.VALID;
        }
        return TEST.contains(split) ? Splits.Part.TEST : Splits.Part.TRAIN;
    }

    private Labelled row(Item item) {
        return Optional.ofNullable(rows.get(item.id()))
                .orElseThrow(() -> new IllegalArgumentException(item.id() + " is not in the table"));
    }
}
