package espalier.cli;

import espalier.report.PlainText;
import espalier.report.Rejected;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command prints to. With {@code --json} standard output gets one JSON document and nothing else; with
 * {@code --quiet} there are only results and errors.
 */
final class Console implements AutoCloseable {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final ObjectMapper COMPACT = JsonMapper.builder().build();
    private static final int MOST_REJECTED = 10;

    private final PrintWriter out;
    private final PrintWriter err;
    private final OutputOptions options;

    private Console(PrintWriter out, PrintWriter err, OutputOptions options) {
        this.out = out;
        this.err = err;
        this.options = options;
    }

    static Console of(PrintWriter out, PrintWriter err, OutputOptions options) {
        return new Console(out, err, options);
    }

    /** True when the result is wanted as one JSON document. */
    boolean json() {
        return options.json;
    }

    /** Prints the document to standard output if {@code --json} was given; maps, lists, records, numbers and texts. */
    void json(Object document) {
        if (options.json) {
            out.println(JSON.writeValueAsString(document));
            out.flush();
        }
    }

    /** Prints a piece of a JSON document that is written while it is made; only with {@code --json}. */
    void jsonPart(String text) {
        if (options.json) {
            out.print(text);
            out.flush();
        }
    }

    /** A value as JSON on one line. */
    static String compact(Object value) {
        return COMPACT.writeValueAsString(value);
    }

    /** A JSON text as a part of a document. */
    static JsonNode tree(String json) {
        return COMPACT.readTree(json);
    }

    /** A path as a word of a command line, in quotes where a shell would not take it for one word. */
    static String word(Path path) {
        String text = PlainText.line(path.toString());
        return text.matches("[\\p{L}\\p{N}_./~:@%+=,\\\\-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Prints a line of the result; also when quiet, not with {@code --json}. */
    void result(String line) {
        if (!options.json) {
            out.println(PlainText.lines(line));
            out.flush();
        }
    }

    /** Prints a line of the result for another program, as it is. */
    void data(String line) {
        out.println(line);
        out.flush();
    }

    /** Prints a line that tells what goes on; not when quiet. */
    void say(String line) {
        if (!options.quiet) {
            var target = options.json ? err : out;
            target.println(PlainText.lines(line));
            target.flush();
        }
    }

    /** Prints a warning to standard error. */
    void warn(String line) {
        err.println("espalier: " + PlainText.lines(line));
        err.flush();
    }

    /** Tells of folders and files that were left out: the first few of each and the number of the others. */
    void rejected(List<Rejected> all) {
        leftOut(all.stream().filter(Rejected::namesFolder).toList(), "folder was", "folders were");
        leftOut(all.stream().filter(one -> !one.namesFolder()).toList(), "file was", "files were");
    }

    private void leftOut(List<Rejected> files, String one, String many) {
        if (files.isEmpty()) {
            return;
        }
        warn(Amounts.of(files.size(), one, many) + " left out:");
        files.stream().limit(MOST_REJECTED).forEach(file -> err.println("  " + PlainText.line(file.toString())));
        if (files.size() > MOST_REJECTED) {
            err.println("  ... and " + (files.size() - MOST_REJECTED) + " more (--json lists all)");
        }
        err.flush();
    }

    /** The same for a JSON document. */
    static List<Map<String, Object>> rejectedJson(List<Rejected> files) {
        return files.stream().map(Rejected::toMap).toList();
    }

    /** Prints a table as part of the result: the first column to the left, the others to the right. */
    void table(List<String> head, List<List<String>> rows) {
        var all = new ArrayList<List<String>>();
        all.add(head);
        rows.forEach(row -> all.add(row.stream().map(PlainText::line).toList()));
        int[] widths = new int[head.size()];
        for (var row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        all.forEach(row -> result(line(row, widths)));
    }

    /** One line of a table with columns of the given widths. */
    static String line(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(Math.max(0, widths[i] - cells.get(i).length()));
            line.append(i == 0 ? "" : "  ").append(i == 0 ? cells.get(i) + space : space + cells.get(i));
        }
        return line.toString().stripTrailing();
    }

    /** A bar with the time left on standard error; on other than a terminal, or when quiet, nothing. */
    ProgressLine progress(String task, long total) {
        return ProgressLine.of(task, total, err, !options.quiet && onTerminal());
    }

    /** Listens to Ctrl-C until closed; {@code told} is said at the first one. */
    Interrupts interrupts(String told) {
        return Interrupts.listen(err, told);
    }

    /** True when standard error is a terminal: the launcher finds that out, which Java 17 cannot. */
    static boolean onTerminal() {
        return Boolean.getBoolean("espalier.terminal");
    }

    @Override
    public void close() {
        out.flush();
        err.flush();
    }
}
