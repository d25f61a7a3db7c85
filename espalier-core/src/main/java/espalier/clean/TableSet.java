package espalier.clean;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import espalier.data.DataException;
import espalier.data.Item;
import espalier.data.Items;
import espalier.files.AtomicFiles;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.report.Rejected;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
 * <p>The column {@code file}, or the first when none has that name, names the picture: by its path, by its name alone, or
 * by either without its ending; only pictures below the data set's folder are found, so no cell leads anywhere else.
 * The column {@code label}, or else the second, is the label, or the tags with a separator between. A column
 * {@code split} or {@code is_valid} is the split.
 *
 * @param root the folder that holds the pictures
 * @param csv the table, in UTF-8 with a header
 * @param separator what stands between tags in a cell; empty when a cell is one label
 */
public record TableSet(Path root, Path csv, String separator) implements LabelledSet {
    private static final List<String> FILES = List.of("file");
    private static final List<String> LABELS = List.of("label");
    private static final List<String> SPLITS = List.of("split", "is_valid");
    private static final int LONGEST = 200;
    private static final String ROW = "row";
    private static final String COLUMN = "column";
    private static final String WAS = "was";
    private static final String NOW = "now";
    private static final String TABLE = "table";
    private static final String PATH = "path";

    /** The data set of the pictures below {@code root} and the table {@code csv}, with one label a picture. */
    public static TableSet of(Path root, Path csv) {
        return new TableSet(root, csv, "");
    }

    /** The same with tags, and {@code separator} between them. */
    public TableSet separator(String separator) {
        return new TableSet(root, csv, separator);
    }

    /** Where the cleaned table goes: beside the old one. */
    public Path cleaned() {
        String name = name();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        return csv.resolveSibling(stem + ".cleaned.csv");
    }

    @Override
    public Found find() throws IOException {
        var table = edited(Journal.of(root));
        var byName = names();
        var pictures = new ArrayList<Labelled>();
        var rejected = new ArrayList<Rejected>();
        List<String> header = table.get(0);
        int file = column(header, 0, FILES);
        int label = column(header, 1, LABELS);
        int split = column(header, -1, SPLITS);
        if (!byName.getOrDefault(cell(header, file).replace('\\', '/'), "").isEmpty()) {
            throw new DataException(csv + " has no header: its first row names the picture " + cell(header, file)
                    + ". Maybe add a first line with the names of the columns: file,label");
        }
        for (int row = 1; row < table.size(); row++) {
            List<String> cells = table.get(row);
            if (cells.isEmpty()) {
                continue; // taken out by the cleaner
            }
            String name = cell(cells, file).replace('\\', '/');
            var path = Optional.ofNullable(byName.get(name));
            boolean unlabelled = label >= cells.size();
            if (path.isEmpty() || path.get().isEmpty() || unlabelled) {
                String reason = unlabelled
                        ? "has no label"
                        : path.isEmpty() ? "is no picture below " + root : "is the name of several pictures";
                rejected.add(new Rejected("row " + row + " (" + name + ")", reason));
            } else {
                pictures.add(new Labelled(path.get(), row, labels(cell(cells, label)), cell(cells, split)));
            }
        }
        return new Found(List.copyOf(pictures), List.copyOf(rejected));
    }

    private List<String> labels(String cell) {
        String text = cell.strip();
        return separator.isEmpty()
                ? List.of(text)
                : Arrays.stream(text.split(java.util.regex.Pattern.quote(separator)))
                        .map(String::strip)
                        .filter(label -> !label.isEmpty())
                        .toList();
    }

    /** The pictures by every name that a cell may call them; empty where two have the name. */
    private Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        var items = Items.imageFiles().find(root).items();
        for (Item item : items) {
            String id = item.id();
            String name = id.substring(id.lastIndexOf('/') + 1);
            for (String call : new TreeSet<>(List.of(id, stem(id), name, stem(name)))) {
                names.merge(call, id, (a, b) -> "");
            }
        }
        // A whole path is meant before anything shorter.
        items.forEach(item -> names.put(item.id(), item.id()));
        return names;
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
    }

    /** The first column of one of these names, or {@code otherwise}. */
    private static int column(List<String> header, int otherwise, List<String> names) {
        for (int i = 0; i < header.size(); i++) {
            if (names.contains(header.get(i).strip().toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        return otherwise;
    }

    private static String cell(List<String> cells, int column) {
        return column >= 0 && column < cells.size() ? plain(cells.get(column)) : "";
    }

    @Override
    public List<String> splits() throws IOException {
        var splits = new TreeSet<String>();
        find().pictures().forEach(picture -> splits.add(picture.split()));
        splits.remove("");
        return splits.size() > 1 ? List.copyOf(splits) : List.of();
    }

    @Override
    public boolean canName(String label) {
        boolean plain = label.codePoints().noneMatch(Character::isISOControl) && label.equals(label.strip());
        boolean whole = separator.isEmpty() || !label.contains(separator);
        return plain
                && whole
                && !label.isEmpty()
                && label.length() <= LONGEST
                && harmless(label).equals(label);
    }

    @Override
    public Optional<String> target(Labelled picture, Choice choice) {
        return Optional.of(picture.file());
    }

    @Override
    public Change carryOut(Labelled picture, Choice choice, Journal journal) throws IOException {
        var table = edited(journal);
        List<String> cells = table.get(picture.row());
        if (cells.isEmpty()) {
            throw new IOException("row " + picture.row() + " of " + csv + " is gone. Maybe it was deleted meanwhile.");
        }
        int column =
                switch (choice.action()) {
                    case RELABEL -> column(table.get(0), 1, LABELS);
                    case MOVE -> column(table.get(0), -1, SPLITS);
                    default -> column(table.get(0), 0, FILES);
                };
        Map<String, String> values = new LinkedHashMap<>();
        values.put(TABLE, name());
        values.put(PATH, recorded());
        values.put(ROW, Integer.toString(picture.row()));
        values.put(COLUMN, Integer.toString(column));
        values.put(WAS, cells.get(column));
        String between = separator.isEmpty() ? " " : separator;
        values.put(NOW, String.join(between, choice.values()));
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
        var table = edited(journal);
        var ends = lineEnds();
        AtomicFiles.write(cleaned(), out -> {
            var writer =
                    CsvWriter.builder().lineDelimiter(ends).build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            for (List<String> cells : table) {
                if (!cells.isEmpty()) {
                    writer.writeRecord(cells.stream().map(TableSet::harmless).toList());
                }
            }
            writer.flush();
        });
    }

    /** How the lines of the table end, so that a comparison with the cleaned one shows what was changed. */
    private LineDelimiter lineEnds() throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(csv))) {
            int before = -1;
            for (int at = in.read(); at >= 0 && at != '\n'; at = in.read()) {
                before = at;
            }
            return before == '\r' ? LineDelimiter.CRLF : LineDelimiter.LF;
        }
    }

    /** The name of the table whose row a change changed; empty when it changed none. */
    static String table(Change change) {
        return change.values().getOrDefault(TABLE, "");
    }

    /** Where the table of a change was: below the data set, or else as a whole path; empty when that is not known. */
    static String place(Change change) {
        return change.values().getOrDefault(PATH, "");
    }

    private String name() {
        return String.valueOf(csv.getFileName());
    }

    private String recorded() {
        Path whole = csv.toAbsolutePath().normalize();
        Path folder = root.toAbsolutePath().normalize();
        return (whole.startsWith(folder) ? folder.relativize(whole) : whole)
                .toString()
                .replace('\\', '/');
    }

    /** The table with what the journal says; a row that was deleted is empty. */
    private List<List<String>> edited(Journal journal) throws IOException {
        var table = read();
        for (Change change : journal.changes()) {
            var values = change.values();
            if (!table(change).equals(name())) {
                continue;
            }
            int row = Integer.parseInt(values.getOrDefault(ROW, "0"));
            int column = Integer.parseInt(values.getOrDefault(COLUMN, "0"));
            boolean there =
                    row > 0 && row < table.size() && column < table.get(row).size();
            if (!there || !table.get(row).get(column).equals(values.get(WAS))) {
                continue; // the table is another one now
            }
            if (change.action().equals("delete")) {
                table.set(row, List.of());
            } else {
                table.get(row).set(column, values.getOrDefault(NOW, ""));
            }
        }
        return table;
    }

    private List<List<String>> read() throws IOException {
        var table = new ArrayList<List<String>>();
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder().detectBomHeader(true).ofCsvRecord(csv)) {
            reader.forEach(line -> table.add(new ArrayList<>(line.getFields())));
        } catch (RuntimeException broken) {
            throw new DataException(
                    "cannot read " + csv + ": " + broken.getMessage()
                            + ". Maybe it is not CSV in UTF-8 with commas between.",
                    broken);
        }
        if (table.isEmpty() || table.get(0).size() < 2) {
            String first = table.isEmpty() || table.get(0).isEmpty()
                    ? ""
                    : table.get(0).get(0);
            String hint = first.contains(";") || first.contains("\t")
                    ? "Maybe its columns are separated by semicolons or tabs: save it with commas."
                    : "Maybe it is another kind of file.";
            throw new DataException(
                    csv + " has no header with two columns, the file and its label, with a comma between. " + hint);
        }
        return table;
    }

    /** A cell that no spreadsheet takes for a formula; numbers are none. */
    static String harmless(String cell) {
        boolean formula = !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0;
        return formula && !cell.matches("[+-]?[0-9]+([.][0-9]*)?") ? "'" + cell : cell;
    }

    /** What a cell means, without the quote that made it harmless. */
    static String plain(String cell) {
        return cell.length() > 1
                        && cell.charAt(0) == '\''
                        && !harmless(cell.substring(1)).equals(cell.substring(1))
                ? cell.substring(1)
                : cell;
    }
}
