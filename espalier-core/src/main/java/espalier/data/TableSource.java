package espalier.data;

import espalier.report.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A table with a row for each image: which file, its labels, and maybe its part. Columns that are not said are found out:
 * the file's is the one whose cells name files below the folder; the label's is called {@code label} or the like, or else is the
 * first that is neither an index nor anything else; the part's is called {@code split}, {@code is_valid} or the like. Where all
 * other columns hold only 0 and 1, each stands for a label, and is called by it.
 *
 * <pre>{@code
 * var planet = Source.table(Path.of("train.csv")).file("image_name").labels("tags").tags(" ");
 * }</pre>
 *
 * <p>What the cleaner changed counts, though it never writes to the table; see {@link TableEdits}.
 *
 * @param table how the file is read
 * @param columns the columns that are said
 * @param form what the labels of a picture are
 * @param labelDelimiter what stands between the labels of a cell; empty: a space where there are tags
 * @param suffix what the names of files go on with behind what the table says, such as {@code .jpg}; empty: found out
 */
public record TableSource(
        Table table, Columns columns, Form form, Optional<String> labelDelimiter, Optional<String> suffix)
        implements Source {
    /** What the labels of a picture are. */
    public enum Form {
        /** Just one. */
        CLASS,
        /** Any number of them. */
        TAGS,
        /** Numbers, each in a column of its own. */
        NUMBERS
    }

    /**
     * Columns by their names or numbers, from 0.
     *
     * @param file of the file; empty: found out
     * @param labels of the label, or several called by labels with 1 in their cells; empty: found out
     * @param part of the part; empty: found out, and maybe none
     * @param group of what is never torn apart when parts are drawn, such as a patient; empty: none
     */
    public record Columns(Optional<String> file, List<String> labels, Optional<String> part, Optional<String> group) {
        /** Columns of which none is said. */
        public static final Columns UNSAID =
                new Columns(Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }

    /** One label for each image, in columns to be found out. */
    public static TableSource of(Table table) {
        return new TableSource(table, Columns.UNSAID, Form.CLASS, Optional.empty(), Optional.empty());
    }

    /** A copy with other columns. */
    public TableSource columns(Columns columns) {
        return new TableSource(table, columns, form, labelDelimiter, suffix);
    }

    /** A copy whose files stand in this column. */
    public TableSource file(String column) {
        return columns(new Columns(Optional.of(column), columns.labels, columns.part, columns.group));
    }

    /** A copy whose label stands in this column, or whose labels these columns are called by. */
    public TableSource labels(String... column) {
        return columns(new Columns(columns.file, List.of(column), columns.part, columns.group));
    }

    /** A copy whose parts stand in this column. */
    public TableSource part(String column) {
        return columns(new Columns(columns.file, columns.labels, Optional.of(column), columns.group));
    }

    /** A copy of which rows with the same value in this column, such as a patient, are never torn apart. */
    public TableSource group(String column) {
        return columns(new Columns(columns.file, columns.labels, columns.part, Optional.of(column)));
    }

    /** A copy with any number of labels for an image, or with just one. */
    public TableSource tags(boolean tags) {
        return new TableSource(table, columns, tags ? Form.TAGS : Form.CLASS, labelDelimiter, suffix);
    }

    /** A copy with any number of labels for an image, and {@code delimiter} between them. */
    public TableSource tags(String delimiter) {
        return new TableSource(table, columns, Form.TAGS, Optional.of(delimiter), suffix);
    }

    /** A copy whose labels are the numbers in these columns, for {@link Targets#numbers}. */
    public TableSource numbers(String... column) {
        return new TableSource(table, labels(column).columns, Form.NUMBERS, Optional.empty(), suffix);
    }

    /** A copy whose files are called by what the table says and this, as fastai's {@code suff}: {@code ".jpg"}. */
    public TableSource suffix(String ending) {
        return new TableSource(table, columns, form, labelDelimiter, Optional.of(ending));
    }

    /** Whether a picture has any number of labels. */
    public boolean tags() {
        return form == Form.TAGS;
    }

    /** The columns of numbers; empty where labels are names. */
    public List<String> quantities() {
        return form == Form.NUMBERS ? columns.labels() : List.of();
    }

    @Override
    public Found read(Path root) {
        var rows = rows(root);
        return rows.found().once(rows.header() ? 1 : 0);
    }

    /**
     * Reads every row, also those that name a file for a second time.
     *
     * @throws DataException when the table cannot be read, or a cell of the part's column is no part
     */
    public Rows rows(Path root) {
        return TableReading.of(this, root);
    }

    /**
     * The rows of a table.
     *
     * @param found the examples in the order of their rows
     * @param columns which column is what
     * @param header whether the first row names the columns
     * @param delimiter what stands between cells
     */
    public record Rows(Found found, TableColumns columns, boolean header, char delimiter) {}
}
