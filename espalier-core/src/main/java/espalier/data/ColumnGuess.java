package espalier.data;

import espalier.report.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds out which column of a table is what, where that is not said; a choice among several is told of. */
final class ColumnGuess {
    private static final Set<String> FILES = Set.of("file", "filename", "file_name", "image", "image_name", "path");
    private static final Set<String> LABELS = Set.of("label", "labels", "class", "category", "tag", "tags", "target");
    private static final Set<String> PARTS =
            Set.of("split", "part", "subset", "isvalid", "isval", "isvalidation", "istest", "istrain");
    private static final Set<String> INDEXES = Set.of("", "id", "index", "idx", "no", "nr", "#", "row", "unnamed: 0");

    private final TableSource source;
    private final TableRows rows;
    private final List<String> warnings = new ArrayList<>();

    ColumnGuess(TableSource source, TableRows rows) {
        this.source = source;
        this.rows = rows;
    }

    /** What the user may want to know of {@link #columns}. */
    List<String> warnings() {
        return warnings;
    }

    /** @throws DataException when a column that was said is not there, or there is none for labels */
    TableColumns columns(ItemNames names) {
        var said = source.columns();
        int group = said.group().map(rows::column).orElse(-1);
        int file = said.file().map(rows::column).orElseGet(() -> file(names));
        var labels = said.labels().stream().map(rows::column).toList();
        int part = said.part().map(rows::column).orElseGet(() -> part(others(file, group, labels)));
        if (!labels.isEmpty()) {
            return new TableColumns(file, labels, part, group);
        }
        return new TableColumns(file, labels(others(file, group, List.of(part))), part, group);
    }

    private List<Integer> others(int file, int group, List<Integer> taken) {
        return IntStream.range(0, rows.columns().size())
                .filter(i -> i != file && i != group && !taken.contains(i))
                .boxed()
                .toList();
    }

    /** The column of which most cells name a file that is there. */
    private int file(ItemNames names) {
        int best = IntStream.range(0, rows.columns().size())
                .filter(i -> rows.hasHeader() && FILES.contains(name(i)))
                .findFirst()
                .orElse(0);
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

    /** The column that is called so, or else the one whose cells name at least two parts; -1 when there is none. */
    private int part(List<Integer> others) {
        var named = others.stream()
                .filter(i -> rows.hasHeader() && PARTS.contains(plainName(i)))
                .findFirst();
        if (named.isPresent()) {
            return named.get();
        }
        for (int i : others) {
            var parts = cells(i).stream().map(Splits.Part::named).toList();
            boolean all = parts.stream().allMatch(Optional::isPresent);
            if (all && parts.stream().distinct().count() > 1 && !(rows.hasHeader() && LABELS.contains(name(i)))) {
                warnings.add("the column " + title(i) + " names the parts: "
                        + cells(i).stream().distinct().collect(Collectors.joining(", ")));
                return i;
            }
        }
        return -1;
    }

    private List<Integer> labels(List<Integer> others) {
        var named = others.stream()
                .filter(i -> rows.hasHeader() && LABELS.contains(name(i)))
                .toList();
        if (!named.isEmpty()) {
            named.forEach(i -> rows.column(rows.columns().get(i))); // which refuses two of one name
            return List.of(among(named));
        }
        var candidates = others.stream().filter(i -> !isIndex(i)).toList();
        var flags = candidates.stream().filter(this::isFlag).toList();
        boolean all = flags.size() == candidates.size();
        if (flags.size() > 1 && (all || source.tags() || isOneOf(flags))) {
            return hot(flags, candidates);
        }
        if (candidates.size() > 1 && candidates.stream().allMatch(this::isNumeric)) {
            throw refused("has several columns of numbers and none that is called label");
        }
        if (!candidates.isEmpty()) {
            return List.of(among(candidates));
        }
        return List.of(others.stream().findFirst().orElseThrow(() -> refused("has no column of labels")));
    }

    private DataException refused(String what) {
        return new DataException(source.table().file() + " " + what + ". Expected two columns, the file and its label,"
                + " received " + rows.described() + ". Maybe name the columns of labels or of quantities, or cells are"
                + " separated by something other than '" + rows.delimiter() + "'.");
    }

    /** Columns called by labels, which need a header; what else there is does not count. */
    private List<Integer> hot(List<Integer> flags, List<Integer> candidates) {
        if (!rows.hasHeader()) {
            throw refused("has columns of 0 and 1, one for each label, and no first row that names them");
        }
        var rest = candidates.stream().filter(i -> !flags.contains(i)).toList();
        if (!rest.isEmpty()) {
            warnings.add("the labels are the columns with 0 and 1: " + titles(flags) + "; left aside: " + titles(rest));
        }
        return flags;
    }

    /** The first of several columns in which values come again, with a word about the others. */
    private int among(List<Integer> columns) {
        int first = columns.stream().filter(this::repeats).findFirst().orElse(columns.get(0));
        if (columns.size() > 1) {
            warnings.add("labels are taken from the column " + title(first) + ", one of " + titles(columns)
                    + ". Maybe another was meant:" + " --label-column on the command line, labels(...) in Java");
        }
        boolean fractions = cells(first).stream().anyMatch(cell -> isNumber(cell) && !cell.matches("[+-]?[0-9]+"));
        if (fractions && isNumeric(first)) {
            warnings.add("the labels in the column " + title(first) + " are numbers such as "
                    + cells(first).get(0)
                    + ", and each is a class. Maybe quantities were meant: --target on the command"
                    + " line, numbers(...) in Java");
        }
        return first;
    }

    private String title(int column) {
        String name = rows.hasHeader() ? rows.columns().get(column) : "";
        return name.isEmpty() ? String.valueOf(column) : name;
    }

    private String titles(List<Integer> columns) {
        String shown = columns.stream().limit(8).map(this::title).collect(Collectors.joining(", "));
        return columns.size() > 8 ? shown + " and " + (columns.size() - 8) + " more" : shown;
    }

    private String name(int column) {
        return rows.columns().get(column).toLowerCase(Locale.ROOT);
    }

    private String plainName(int column) {
        return name(column).replaceAll("[-_ .]", "");
    }

    /** The cells of the first rows that are not empty. */
    private List<String> cells(int column) {
        return rows.sample().stream()
                .filter(row -> column < row.size() && !row.get(column).isBlank())
                .map(row -> row.get(column).strip())
                .toList();
    }

    private boolean isFlag(int column) {
        var cells = cells(column);
        return !cells.isEmpty()
                && cells.stream().allMatch(cell -> Flags.of(cell).isPresent());
    }

    /** Whether each of the first rows says yes in one of the columns. */
    private boolean isOneOf(List<Integer> columns) {
        return rows.sample().stream()
                .allMatch(row -> columns.stream()
                                .filter(i ->
                                        i < row.size() && Flags.of(row.get(i)).orElse(false))
                                .count()
                        == 1);
    }

    private boolean repeats(int column) {
        var cells = cells(column);
        return cells.stream().distinct().count() < cells.size();
    }

    private boolean isNumeric(int column) {
        var cells = cells(column);
        return !cells.isEmpty() && cells.stream().allMatch(ColumnGuess::isNumber);
    }

    private static boolean isNumber(String cell) {
        return Table.isNumber(cell);
    }

    /** An index of rows: 0, 1, 2 ..., or a column without a name, or with nothing in it. */
    private boolean isIndex(int column) {
        boolean named = rows.hasHeader() && INDEXES.contains(name(column));
        var cells = cells(column);
        boolean counts = cells.size() > 2
                && number(cells.get(0)).isPresent()
                && IntStream.range(1, cells.size())
                        .allMatch(i -> number(cells.get(i))
                                .equals(number(cells.get(i - 1)).map(before -> before + 1)));
        return named || counts || cells.isEmpty();
    }

    private static Optional<Integer> number(String cell) {
        return cell.matches("[0-9]{1,8}") ? Optional.of(Integer.valueOf(cell)) : Optional.empty();
    }
}
