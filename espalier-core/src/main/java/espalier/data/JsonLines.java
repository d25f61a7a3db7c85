package espalier.data;

import espalier.report.DataException;
import espalier.report.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file with a JSON object on each line, read as the same table in CSV: the names of the first objects are its columns, a list is
 * its elements with blanks between, and what an object lacks is an empty cell.
 */
final class JsonLines extends Reader {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SAMPLE = 200;

    /** A file, read from its beginning. */
    interface Source {
        Reader open() throws IOException;
    }

    private final Path file;
    private final BufferedReader lines;
    private final List<String> columns;
    private long line;
    private String row;
    private int at;

    private JsonLines(Path file, BufferedReader lines, List<String> columns) {
        this.file = file;
        this.lines = lines;
        this.columns = columns;
        this.row = csv(columns);
    }

    /** Whether a file is such by its ending. */
    static boolean isOne(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).matches("(?s).*[.](jsonl|ndjson)");
    }

    /** @throws DataException when one of the first lines is no object */
    static JsonLines of(Path file, Source source) throws IOException {
        var names = new LinkedHashSet<String>();
        try (var first = new JsonLines(file, new BufferedReader(source.open()), List.of())) {
            for (int i = 0; i < SAMPLE; i++) {
                var object = first.next();
                if (object.isMissingNode()) {
                    break;
                }
                names.addAll(object.propertyNames());
            }
        }
        return new JsonLines(file, new BufferedReader(source.open()), List.copyOf(names));
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        if (at == row.length()) {
            var object = next();
            if (object.isMissingNode()) {
                return -1;
            }
            row = csv(columns.stream().map(name -> cell(object.path(name))).toList());
            at = 0;
        }
        int count = Math.min(length, row.length() - at);
        row.getChars(at, at + count, into, offset);
        at += count;
        return count;
    }

    /** The next object; missing behind the last. */
    private JsonNode next() throws IOException {
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            line++;
            if (!text.isBlank()) {
                return object(text);
            }
        }
        return MAPPER.missingNode();
    }

    private JsonNode object(String text) {
        try {
            var node = MAPPER.readTree(text);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException damaged) {
            throw new DataException(wrong(text), damaged);
        }
        throw new DataException(wrong(text));
    }

    private String wrong(String text) {
        return "cannot read " + file + ": line " + line + " is no JSON object: " + PlainText.quoted(text)
                + ". Maybe the file is one JSON document rather than an object on each line.";
    }

    private static String cell(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(JsonLines::cell)
                    .collect(Collectors.joining(" "));
        }
        return node.isMissingNode() || node.isNull() ? "" : node.isString() ? node.asString() : node.toString();
    }

    private static String csv(List<String> cells) {
        var quoted = new ArrayList<String>();
        cells.forEach(cell -> quoted.add('"' + cell.replace("\"", "\"\"") + '"'));
        return String.join(",", quoted) + "\n";
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
