package espalier.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import espalier.report.DataException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of text in a file: CSV, the same with semicolons, tabs or bars between the cells, or JSON lines ({@code .jsonl},
 * {@code .ndjson}: an object on each line, whose names are the columns). Delimiter, header and encoding
 * are found out where they are not said. Rows are read as a stream, so a table of any length takes little memory.
 *
 * <pre>{@code
 * try (var rows = Table.of(Path.of("tweets.csv")).open()) {
 *     int text = rows.column("5");
 *     for (Table.Row row : rows) {
 *         System.out.println(row.cell(text));
 *     }
 * }
 * }</pre>
 *
 * @param file the file
 * @param delimiter what stands between cells; empty: the one of {@code , ; tab |} that cuts the first rows most evenly
 * @param header whether the first row names the columns; empty: yes, unless it has a number where the second has one
 * @param encoding how characters are written; empty: as a byte-order mark says, else UTF-8, or windows-1252 (Latin-1)
 *     where the file is no UTF-8
 */
public record Table(Path file, Optional<Character> delimiter, Optional<Boolean> header, Optional<Charset> encoding) {
    private static final int SAMPLE = 200;

    /**
     * One row.
     *
     * @param number from 1, the header and empty lines not counted
     * @param line the line of the file on which it starts, from 1
     * @param cells as they stand in the file; a row may have fewer than there are columns
     * @param fault what is wrong with the row as a whole; empty when nothing is
     */
    public record Row(long number, long line, List<String> cells, Optional<String> fault) {
        /** The cell of a column from 0, without blanks around it; empty when the row ends before. */
        public String cell(int column) {
            return has(column) ? cells.get(column).strip() : "";
        }

        /** Whether the row reaches that column. */
        public boolean has(int column) {
            return column >= 0 && column < cells.size();
        }
    }

    /** A table of which everything is to be found out. */
    public static Table of(Path file) {
        return new Table(file, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A copy with this character between cells. */
    public Table delimiter(char delimiter) {
        return new Table(file, Optional.of(delimiter), header, encoding);
    }

    /** A copy whose first row names the columns, or does not. */
    public Table header(boolean header) {
        return new Table(file, delimiter, Optional.of(header), encoding);
    }

    /** A copy in this encoding. */
    public Table encoding(Charset encoding) {
        return new Table(file, delimiter, header, Optional.of(encoding));
    }

    /**
     * Opens the table and finds out what was not said. The caller closes it.
     *
     * @throws DataException when there is no such file, it is no text, or it holds no row
     */
    public TableRows open() {
        try {
            var whole = TableText.of(file, encoding);
            boolean json = JsonLines.isOne(file);
            var said = json ? Optional.of(',') : delimiter.isPresent() ? delimiter : whole.said();
            var text = whole.behindSaid();
            String start = text.start();
            char between = said.orElseGet(() -> Delimiters.guess(start));
            var first = rows(start, between);
            if (first.isEmpty()) {
                throw new DataException(file + " is empty. Maybe it was not written to its end.");
            }
            return new TableRows(this, text, between, header.orElseGet(() -> json || hasHeader(first)), first);
        } catch (IOException unreadable) {
            throw DataException.unreadable(
                    file.toString(), reason(unreadable), "Maybe the name is misspelt.", unreadable);
        }
    }

    static String reason(IOException failure) {
        return failure instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : failure instanceof java.nio.file.AccessDeniedException
                        ? "permission denied"
                        : String.valueOf(failure.getMessage());
    }

    /** The rows at the file's start, at most {@link #SAMPLE}. */
    private List<List<String>> rows(String start, char between) throws IOException {
        var rows = new ArrayList<List<String>>();
        try (CsvReader<CsvRecord> csv = reader(between).allowUnclosedQuote(true).ofCsvRecord(new StringReader(start))) {
            csv.stream().limit(SAMPLE).forEach(line -> rows.add(line.getFields()));
        } catch (CsvParseException broken) {
            if (rows.isEmpty()) {
                throw new DataException(
                        "cannot read " + file + ": " + broken.getMessage() + ". Maybe a quotation mark is not closed.",
                        broken);
            } // else it is told of, with its row, where that is read
        }
        return rows;
    }

    static CsvReader.CsvReaderBuilder reader(char between) {
        return CsvReader.builder()
                .fieldSeparator(between)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .trimWhitespacesAroundQuotes(true);
    }

    private static boolean hasHeader(List<List<String>> rows) {
        List<String> first = rows.get(0);
        List<String> second = rows.size() > 1 ? rows.get(1) : List.of();
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            if (isNumber(first.get(i)) && isNumber(second.get(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isNumber(String cell) {
        return cell.strip().matches("[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?");
    }

    /** A cell that no spreadsheet takes for a formula; numbers are none. */
    public static String harmless(String cell) {
        boolean formula = !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0;
        return formula && !cell.matches("[+-]?[0-9]+([.][0-9]*)?") ? "'" + cell : cell;
    }

    /** What a cell means, without the quote that made it harmless. */
    public static String plain(String cell) {
        return cell.length() > 1
                        && cell.charAt(0) == '\''
                        && !harmless(cell.substring(1)).equals(cell.substring(1))
                ? cell.substring(1)
                : cell;
    }
}
