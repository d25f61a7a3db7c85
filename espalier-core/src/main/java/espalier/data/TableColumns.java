package espalier.data;

import espalier.report.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which column of a table is what: as said, or else as the header and the first rows tell.
 *
 * @param file the column that names the file
 * @param labels the columns of labels: one whose cells are labels, or several named by labels, with 1 where it is one
 * @param part the column that names the part; -1 when there is none
 * @param group the column whose values are never torn apart; -1 when there is none
 */
public record TableColumns(int file, List<Integer> labels, int part, int group) {
    private static final Set<String> FILES = Set.of("file", "filename", "file_name", "image", "image_name", "path");
    private static final Set<String> LABELS = Set.of("label", "labels", "class", "category", "tag", "tags", "target");
    private static final Set<String> PARTS = Set.of("split", "is_valid", "part", "subset");
    private static final Set<String> FLAGS = Set.of("0", "1", "0.0", "1.0", "true", "false");

    /** The column of labels. */
    public int label() {
        return labels.get(0);
    }

    /** Whether the columns themselves are named by the labels. */
    public boolean isOneHot() {
        return labels.size() > 1;
    }

    /** @throws DataException when a column that was said is not there, or there is none for labels */
    static TableColumns of(TableSource source, TableRows rows, ItemNames names) {
        var said = source.columns();
        int part =
                said.part().map(rows::column).orElseGet(() -> named(rows, PARTS).orElse(-1));
        int group = said.group().map(rows::column).orElse(-1);
        int file = said.file().map(rows::column).orElseGet(() -> file(rows, names));
        if (!said.labels().isEmpty()) {
            return new TableColumns(
                    file, said.labels().stream().map(rows::column).toList(), part, group);
        }
        var others = IntStream.range(0, rows.columns().size())
                .filter(i -> i != file && i != part && i != group)
                .boxed()
                .toList();
        var label = named(rows, LABELS);
        if (label.isPresent() && others.contains(label.getAsInt())) {
            return new TableColumns(file, List.of(label.getAsInt()), part, group);
        }
        var flags = others.stream().filter(i -> isFlag(rows, i)).toList();
        if (flags.size() > 1 && flags.size() == others.size()) {
            return new TableColumns(file, flags, part, group);
        }
        int first = others.stream()
                .filter(i -> !isIndex(rows, i))
                .findFirst()
                .orElseGet(() -> others.stream().findFirst().orElse(-1));
        if (first < 0) {
            throw new DataException(source.table().file()
                    + " has no column of labels. Expected two columns, the file and its"
                    + " label, received " + rows.described() + ". Maybe cells are separated by something other than '"
                    + rows.delimiter() + "'.");
        }
        return new TableColumns(file, List.of(first), part, group);
    }

    /** The column of which most cells name a file that is there. */
    private static int file(TableRows rows, ItemNames names) {
        int best = named(rows, FILES).orElse(0);
        double most = 0;
        for (int i = 0; i < rows.columns().size(); i++) {
            double score = 0;
            for (var cells : rows.sample()) {
                int form = i < cells.size()
                        ? names.find(Table.plain(cells.get(i).strip())).form()
                        : -1;
                score += form < 0 ? 0 : 1 - 0.2 * form; // a number may be a file's name without its ending, by chance
            }
            if (score > most) {
                most = score;
                best = i;
            }
        }
        return best;
    }

    private static OptionalInt named(TableRows rows, Set<String> names) {
        if (!rows.hasHeader()) {
            return OptionalInt.empty();
        }
        var columns = rows.columns();
        return IntStream.range(0, columns.size())
                .filter(i -> names.contains(columns.get(i).toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static boolean isFlag(TableRows rows, int column) {
        return rows.hasHeader()
                && !rows.sample().isEmpty()
                && rows.sample().stream()
                        .allMatch(cells -> column < cells.size()
                                && FLAGS.contains(cells.get(column).strip().toLowerCase(Locale.ROOT)));
    }

    /** An index of rows: 0, 1, 2 ..., or a column without a name. */
    private static boolean isIndex(TableRows rows, int column) {
        var cells = new ArrayList<String>();
        rows.sample().stream().filter(row -> column < row.size()).forEach(row -> cells.add(row.get(column)));
        boolean unnamed = rows.hasHeader() && rows.columns().get(column).isEmpty();
        boolean id = rows.hasHeader() && rows.columns().get(column).equalsIgnoreCase("id");
        boolean counts = cells.size() > 2
                && number(cells.get(0)).isPresent()
                && IntStream.range(1, cells.size())
                        .allMatch(i -> number(cells.get(i))
                                .equals(number(cells.get(i - 1)).map(before -> before + 1)));
        return unnamed || id || counts;
    }

    private static Optional<Integer> number(String cell) {
        return cell.strip().matches("[0-9]{1,8}") ? Optional.of(Integer.valueOf(cell.strip())) : Optional.empty();
    }
}
