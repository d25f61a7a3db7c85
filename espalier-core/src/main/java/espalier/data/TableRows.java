package espalier.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import espalier.report.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The rows of an open {@link Table}, which can be gone through once. */
public final class TableRows implements Iterable<Table.Row>, AutoCloseable {
    private final Table table;
    private final TableText text;
    private final char delimiter;
    private final boolean header;
    private final List<List<String>> first;
    private final CsvReader<CsvRecord> csv;

    TableRows(Table table, TableText text, char delimiter, boolean header, List<List<String>> first)
            throws IOException {
        this.table = table;
        this.text = text;
        this.delimiter = delimiter;
        this.header = header;
        this.first = first;
        this.csv = Table.reader(delimiter).ofCsvRecord(text.reader());
    }

    /** What stands between cells. */
    public char delimiter() {
        return delimiter;
    }

    /** How the file is encoded. */
    public Charset encoding() {
        return text.encoding();
    }

    /** Whether the first row names the columns. */
    public boolean hasHeader() {
        return header;
    }

    /** The names of the columns; without a header their numbers, from 0. */
    public List<String> columns() {
        return header
                ? first.get(0).stream().map(String::strip).toList()
                : IntStream.range(0, width()).mapToObj(Integer::toString).toList();
    }

    private int width() {
        return first.get(0).size();
    }

    /** Some of the first rows, without the header. */
    public List<List<String>> sample() {
        return List.copyOf(first.subList(header ? 1 : 0, first.size()));
    }

    /** What the user may want to know, as that the encoding was guessed. */
    public List<String> warnings() {
        return text.warnings();
    }

    /**
     * The position of a column from 0: of the one with this name, in any case if need be, or else with this number.
     *
     * @throws DataException when there is none, or several have the name
     */
    public int column(String nameOrNumber) {
        String name = nameOrNumber.strip();
        List<String> names = header ? columns() : List.of();
        for (boolean exact : new boolean[] {true, false}) {
            int[] found = IntStream.range(0, names.size())
                    .filter(i ->
                            exact ? names.get(i).equals(name) : names.get(i).equalsIgnoreCase(name))
                    .toArray();
            if (found.length > 1) {
                throw new DataException(table.file() + ": the columns " + found[0] + " and " + found[1]
                        + " (from 0) are both called " + name + ". Maybe name the column by its number.");
            } else if (found.length == 1) {
                return found[0];
            }
        }
        if (name.matches("[0-9]{1,6}") && Integer.parseInt(name) < width()) {
            return Integer.parseInt(name);
        }
        throw new DataException(table.file() + " has no column " + name + ". Its columns are " + described()
                + ". Maybe the name is spelled differently, or the number counted from 1: the first column is 0.");
    }

    /** The columns with their numbers, for messages. */
    String described() {
        List<String> names = columns();
        int shown = Math.min(names.size(), 20);
        var all = new ArrayList<String>();
        for (int i = 0; i < shown; i++) {
            String name = names.get(i);
            all.add(header ? i + " " + (name.isEmpty() ? "(no name)" : name) : name);
        }
        return String.join(", ", all) + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
    }

    /** The rows as a stream. */
    public Stream<Table.Row> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /**
     * The rows in their order.
     *
     * @throws DataException while reading, when quotes are not closed or the file cannot be read any more
     */
    @Override
    public Iterator<Table.Row> iterator() {
        Iterator<CsvRecord> lines = csv.iterator();
        boolean json = JsonLines.isOne(table.file()); // blank lines are not counted there
        if (header && guarded(lines::hasNext, 0)) {
            guarded(lines::next, 0);
        }
        return new Iterator<>() {
            private long number;

            @Override
            public boolean hasNext() {
                return guarded(lines::hasNext, number);
            }

            @Override
            public Table.Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                CsvRecord line = guarded(lines::next, number);
                List<String> cells = line.getFields();
                number++;
                return new Table.Row(number, json ? number : line.getStartingLineNumber(), cells, fault(cells));
            }
        };
    }

    private Optional<String> fault(List<String> cells) {
        boolean tooMany = cells.size() > width() && cells.stream().skip(width()).anyMatch(cell -> !cell.isBlank());
        return tooMany
                ? Optional.of("has " + cells.size() + " cells where the first row has " + width())
                : Optional.empty();
    }

    private <T> T guarded(java.util.function.Supplier<T> step, long number) {
        try {
            return step.get();
        } catch (CsvParseException broken) {
            String cause =
                    broken.getCause() == null ? "" : ": " + broken.getCause().getMessage();
            throw new DataException(
                    "cannot read " + table.file() + " after row " + number + ": " + broken.getMessage() + cause
                            + ". Maybe a quotation mark is not closed.",
                    broken);
        } catch (UncheckedIOException unreadable) {
            throw new DataException(
                    "cannot read " + table.file() + " after row " + number + ": " + unreadable.getMessage()
                            + ". Maybe the disk is damaged.",
                    unreadable);
        }
    }

    @Override
    public void close() {
        try {
            csv.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
