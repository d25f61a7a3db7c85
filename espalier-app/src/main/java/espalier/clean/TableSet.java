package espalier.clean;

import espalier.data.Source;
import espalier.data.TableSource;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        return table().path();
    }

    private CleanedTable table() {
        return new CleanedTable(root, source.table());
    }

    @Override
    public Optional<Path> changed() {
        return Optional.of(csv());
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
        return CleanedTable.canName(label) && !(source.tags() && label.contains(between()));
    }

    @Override
    public Optional<String> target(Labelled picture, Choice choice) {
        return Optional.of(picture.file());
    }

    @Override
    public Change carryOut(Labelled picture, Choice choice, Journal journal) throws IOException {
        var columns = rows().columns();
        int column =
                switch (choice.action()) {
                    case RELABEL -> columns.label();
                    case MOVE -> columns.part();
                    default -> columns.file();
                };
        String was = table().cells(journal, picture.row()).get(column);
        return table().note(journal, picture, choice.action(), column, was, String.join(between(), choice.values()));
    }

    /** Writes the cleaned table; when nothing in it is changed any more, there is none. */
    @Override
    public void settle(Journal journal) throws IOException {
        table().write(journal);
    }
}
