package espalier.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import espalier.format.ModelDocument;
import espalier.predict.Prediction;
import espalier.predict.Predictor.Answer;
import espalier.report.PlainText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prints predictions one by one, in one of several {@linkplain Form forms}. */
abstract class Answers implements AutoCloseable {
    private static final int MOST_CLASSES = 100;
    private static final int MOST_SHOWN = 4_096;

    /** In which form answers are printed. */
    enum Form {
        /** For people. */
        LINES,
        /** A row each, under a head. */
        CSV,
        /** The elements of one JSON array. */
        JSON,
        /** A JSON document on each line. */
        JSONL
    }

    /** Answers of a model about files. */
    static Answers of(Console console, Form form, ModelDocument model) {
        return of(console, form, model, "file");
    }

    /** The same about other things, which CSV and JSON call {@code kind}, such as {@code "text"}. */
    static Answers of(Console console, Form form, ModelDocument model, String kind) {
        boolean complete = model.vocabulary().size() <= MOST_CLASSES;
        return switch (form) {
            case LINES -> new Lines(console);
            case CSV -> new Csv(console, kind, model.isNumeric() ? model.vocabulary() : List.of());
            case JSON -> new Json(console, complete, kind);
            case JSONL -> new JsonLines(console, complete, kind);
        };
    }

    /** Prints one about a file. */
    final void add(Answer answer) {
        add(answer.file().toString(), answer.prediction(), answer.error());
    }

    /** Prints one about what is called {@code name}. */
    abstract void add(String name, Optional<Prediction> answer, Optional<String> error);

    /** Prints a row of CSV. */
    static void row(List<String> cells, Console console) {
        var text = new StringWriter();
        try (var writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            writer.writeRecord(cells);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        console.data(text.getBuffer().substring(0, text.getBuffer().length() - 1));
    }

    /** Spreadsheets run cells that start so as formulas, and names of files come from anybody. */
    static String harmless(String text) {
        String cell = PlainText.line(text);
        return !cell.isEmpty() && "=+-@".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }

    /** Prints what ends the document. */
    @Override
    public void close() {}

    /** One line for each file: label and probability first, as file names have all lengths. */
    private static final class Lines extends Answers {
        private final Console console;

        Lines(Console console) {
            this.console = console;
        }

        @Override
        void add(String name, Optional<Prediction> answer, Optional<String> error) {
            String shown = PlainText.line(name, MOST_SHOWN);
            answer.ifPresent(prediction -> console.result(said(prediction) + "  " + shown));
            error.ifPresent(reason -> console.warn(shown + ": " + reason));
        }

        private static String said(Prediction prediction) {
            return prediction.isNumeric()
                    ? String.format(Locale.ROOT, "%-33s", prediction)
                    : String.format(
                            Locale.ROOT,
                            "%-24s %6.2f %%",
                            String.join(", ", prediction.labels()),
                            100 * prediction.probability());
        }
    }

    private static final class Csv extends Answers {
        private final Console console;
        private final List<String> quantities;

        Csv(Console console, String kind, List<String> quantities) {
            this.console = console;
            this.quantities = quantities;
            var columns = new ArrayList<>(List.of(kind));
            columns.addAll(quantities.isEmpty() ? List.of("label", "index", "probability") : quantities);
            columns.add("error");
            row(columns.stream().map(Answers::harmless).toList(), console);
        }

        @Override
        void add(String name, Optional<Prediction> answer, Optional<String> error) {
            var row = new ArrayList<String>();
            row.add(harmless(name));
            row.addAll(answer.map(this::cells).orElseGet(this::blanks));
            row.add(harmless(error.orElse("")));
            row(row, console);
        }

        private List<String> cells(Prediction prediction) {
            return prediction.isNumeric()
                    ? prediction.values().values().stream().map(String::valueOf).toList()
                    : List.of(
                            harmless(prediction.label()),
                            Integer.toString(prediction.index()),
                            Double.toString(prediction.probability()));
        }

        private List<String> blanks() {
            return Collections.nCopies(quantities.isEmpty() ? 3 : quantities.size(), "");
        }
    }

    private static final class Json extends Answers {
        private final Console console;
        private final boolean complete;
        private final String kind;
        private boolean started;

        Json(Console console, boolean complete, String kind) {
            this.console = console;
            this.complete = complete;
            this.kind = kind;
            console.jsonPart("[");
        }

        @Override
        void add(String name, Optional<Prediction> answer, Optional<String> error) {
            console.jsonPart(started ? ",\n" : "\n");
            started = true;
            console.jsonPart(document(name, answer, error, kind, complete));
        }

        /** One answer on one line. */
        static String document(
                String name, Optional<Prediction> answer, Optional<String> error, String kind, boolean complete) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put(kind, name);
            answer.ifPresent(prediction -> describe(prediction, row, complete));
            error.ifPresent(reason -> row.put("error", reason));
            return Console.compact(row);
        }

        private static void describe(Prediction prediction, Map<String, Object> row, boolean complete) {
            if (prediction.isNumeric()) {
                row.put("values", prediction.values());
                return;
            }
            row.put("label", prediction.label());
            row.put("index", prediction.index());
            row.put("probability", prediction.probability());
            if (complete) {
                row.put("probabilities", prediction.byClass());
            } else {
                row.put("top5", prediction.top(5).stream().map(Json::ranked).toList());
            }
        }

        private static Map<String, Object> ranked(Prediction.Ranked one) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("index", one.index());
            row.put("label", one.label());
            row.put("probability", one.probability());
            return row;
        }

        @Override
        public void close() {
            console.jsonPart("\n]\n");
        }
    }

    private static final class JsonLines extends Answers {
        private final Console console;
        private final boolean complete;
        private final String kind;

        JsonLines(Console console, boolean complete, String kind) {
            this.console = console;
            this.complete = complete;
            this.kind = kind;
        }

        @Override
        void add(String name, Optional<Prediction> answer, Optional<String> error) {
            console.data(Json.document(name, answer, error, kind, complete));
        }
    }
}
