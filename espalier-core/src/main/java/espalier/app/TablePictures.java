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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pictures of a table in CSV as they are now, with what was changed by the cleaner; see {@link TableSet}. */
final class TablePictures {
    /** What else says that a picture is for validation, as in a column {@code is_valid}. */
    private static final Set<String> IS_VALID = Set.of("dev", "true", "yes", "1");

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
        Map<String, Labelled> rows = new HashMap<>();
        var rejected = new ArrayList<>(table.rejected());
        for (Labelled picture : table.pictures()) {
            var first = rows.putIfAbsent(picture.file(), picture);
            if (first != null) {
                String reason = first.labels().equals(picture.labels())
                        ? "is there twice"
                        : "is there twice, and with another label: " + String.join(" ", picture.labels()) + ", before "
                                + String.join(" ", first.labels());
                rejected.add(new Rejected("row " + picture.row() + " (" + picture.file() + ")", reason));
            }
        }
        var items = rows.keySet().stream()
                .map(file -> new Item(file, root.resolve(file)))
                .sorted(Item.BY_ID)
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
        return Splits.Part.named(split).orElse(IS_VALID.contains(split) ? Splits.Part.VALID : Splits.Part.TRAIN);
    }

    private Labelled row(Item item) {
        return Optional.ofNullable(rows.get(item.id()))
                .orElseThrow(() -> new IllegalArgumentException(item.id() + " is not in the table"));
    }
}
