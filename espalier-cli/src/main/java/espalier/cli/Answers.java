package espalier.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import espalier.model.Prediction;
import espalier.model.Predictor.Answer;
import espalier.report.PlainText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints predictions one by one: as lines for people, as CSV, or as the elements of one JSON array. */
abstract class Answers implements AutoCloseable {
    private static final int MOST_CLASSES = 100;

    /** Answers in the form that the options ask for, by a model of so many classes. */
    static Answers of(Console console, boolean csv, int classes) {
        if (console.json()) {
            return new Json(console, classes <= MOST_CLASSES);
        }
        return csv ? new Csv(console) : new Lines(console);
    }

    /** Prints one. */
    abstract void add(Answer answer);

    /** Prints what ends the document. */
    @Override
    public void close() {}

    /** One line a file: label and probability first, as file names have all lengths. */
    private static final class Lines extends Answers {
        private final Console console;

        Lines(Console console) {
            this.console = console;
        }

        @Override
        void add(Answer answer) {
            answer.prediction()
                    .ifPresent(prediction -> console.result(String.format(
                            Locale.ROOT,
                            "%-24s %6.2f %%  %s",
                            String.join(", ", prediction.labels()),
                            100 * prediction.probability(),
                            PlainText.line(answer.file().toString()))));
            answer.error()
                    .ifPresent(
                            reason -> console.warn(PlainText.line(answer.file().toString()) + ": " + reason));
        }
    }

    private static final class Csv extends Answers {
        private final Console console;

        Csv(Console console) {
            this.console = console;
            row(List.of("file", "label", "index", "probability", "error"));
        }

        @Override
        void add(Answer answer) {
            var row = new ArrayList<String>();
            row.add(harmless(answer.file().toString()));
            row.add(harmless(answer.prediction().map(Prediction::label).orElse("")));
            row.add(answer.prediction().map(p -> Integer.toString(p.index())).orElse(""));
            row.add(answer.prediction()
                    .map(p -> Double.toString(p.probability()))
                    .orElse(""));
            row.add(harmless(answer.error().orElse("")));
            row(row);
        }

        private void row(List<String> cells) {
            var text = new StringWriter();
            try (var writer =
                    CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
                writer.writeRecord(cells);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            console.data(text.getBuffer().substring(0, text.getBuffer().length() - 1));
        }

        /** Spreadsheets run cells that start so as formulas, and names of files come from anybody. */
        private static String harmless(String cell) {
            return !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
        }
    }

    private static final class Json extends Answers {
        private final Console console;
        private final boolean complete;
        private boolean started;

        Json(Console console, boolean complete) {
            this.console = console;
            this.complete = complete;
            console.jsonPart("[");
        }

        @Override
        void add(Answer answer) {
            console.jsonPart(started ? ",\n" : "\n");
            started = true;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("file", answer.file().toString());
            answer.prediction().ifPresent(prediction -> describe(prediction, row));
            answer.error().ifPresent(reason -> row.put("error", reason));
            console.jsonPart(Console.compact(row));
        }

        private void describe(Prediction prediction, Map<String, Object> row) {
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
}
