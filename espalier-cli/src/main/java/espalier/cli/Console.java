package espalier.cli;

import espalier.report.PlainText;
import espalier.report.Rejected;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command prints to, and the one place where text from outside (names of files, classes, tensors, what servers
 * say) is made harmless: it can neither begin a line of its own nor steer a terminal. With {@code --json} standard output gets one JSON document and nothing else; with
 * {@code --quiet} there are only results and errors.
 */
final class Console implements AutoCloseable {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final ObjectMapper COMPACT = JsonMapper.builder().build();
    private static final int MOST_REJECTED = 10;
    /** By which name the launcher was called. */
    private static final String PROGRAM = "espalier.program";

    private static final int USUAL_WIDTH = 100;
    private static final int LEAST_WIDTH = 60;

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

    /** The same with its data and parts of JSON documents printed elsewhere, as into a file. */
    Console into(PrintWriter target) {
        var into = new OutputOptions();
        into.quiet = true; // what goes on is told by this one
        return new Console(target, err, into);
    }

    /** True when the result is wanted as one JSON document. */
    boolean json() {
        return options.json;
    }

    /** Prints the document to standard output if {@code --json} was given; maps, lists, records, numbers and texts. */
    void json(Object document) {
        if (options.json) {
            out.println(PlainText.lines(JSON.writeValueAsString(document)));
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
        return PlainText.line(COMPACT.writeValueAsString(value));
    }

    /** A JSON text as a part of a document. */
    static JsonNode tree(String json) {
        return COMPACT.readTree(json);
    }

    /** A path as a word of a command line, in quotes where a shell would not take it for one word. */
    static String word(Path path) {
        return word(path.toString());
    }

    /** The same of any text. */
    static String word(String plain) {
        String text = PlainText.line(plain);
        return text.matches("[\\p{L}\\p{N}_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /**
     * A line to be pasted into the shell: this program as it was called, then the words, in quotes where they need them.
     *
     * @param words texts and paths
     */
    static String command(Object... words) {
        var line = new StringBuilder(word(Path.of(System.getProperty(PROGRAM, "espalier"))));
        for (Object one : words) {
            line.append(' ').append(word(Path.of(one.toString())));
        }
        return line.toString();
    }

    /** Prints what to do next, as a line that can be pasted; not when quiet. */
    void next(Object... words) {
        say("next: " + command(words));
    }

    /** Prints a line of the result; also when quiet, not with {@code --json}. */
    void result(String line) {
        text(PlainText.line(line));
    }

    /** Prints a piece of the result that has lines of its own, in which names were made harmless by who made it. */
    void text(String block) {
        if (!options.json) {
            out.println(PlainText.lines(block));
            out.flush();
        }
    }

    /** Prints a line of the result for another program. */
    void data(String line) {
        out.println(PlainText.lines(line)); // a cell of CSV may have lines
        out.flush();
    }

    /** Prints a line that tells what goes on; not when quiet. */
    void say(String line) {
        if (!options.quiet) {
            var target = options.json ? err : out;
            target.println(PlainText.line(line));
            target.flush();
        }
    }

    /** Prints a warning to standard error. */
    void warn(String line) {
        err.println("espalier: " + PlainText.line(line));
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

    /** A bar with the time left on standard error; on other than a terminal a line every ten seconds; when quiet, nothing. */
    ProgressLine progress(String task, long total) {
        var kind = onTerminal() ? ProgressLine.Kind.BAR : ProgressLine.Kind.LINES;
        return ProgressLine.of(task, total, err, options.quiet ? ProgressLine.Kind.NONE : kind);
    }

    /** The same around work that does not say how far it is. */
    <T> T during(String task, Supplier<T> work) {
        try (var unused = progress(task, -1)) {
            return work.get();
        }
    }

    /** Listens to Ctrl-C until closed; {@code told} is said at the first one. */
    Interrupts interrupts(String told) {
        return Interrupts.listen(err, told);
    }

    /** How many columns help and progress may take: those of the terminal, as the launcher found out, from 60 to 100. */
    static int width() {
        return Math.max(LEAST_WIDTH, Math.min(USUAL_WIDTH, Integer.getInteger("espalier.columns", USUAL_WIDTH)));
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
