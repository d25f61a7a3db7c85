package espalier.app;

import espalier.data.Table;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.report.DataException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The job of predicting the texts of a table, row by row: it may be of any length.
 *
 * @param data the table; columns that it does not name are those that the model was trained on
 */
public record PredictTable(TextTable data) {
    /**
     * One row's answer.
     *
     * @param row the row
     * @param text its text
     * @param prediction what the model says; empty when the row has no text
     * @param error why there is none
     */
    public record Answer(Table.Row row, String text, Optional<Prediction> prediction, Optional<String> error) {}

    /**
     * Predicts all rows in their order, handing over each answer as soon as it is known.
     *
     * @param columns gets the names of the table's columns before the first answer; none when it has no header
     * @throws DataException when the table cannot be read or has no such column
     */
    public void run(Predictor predictor, Consumer<List<String>> columns, Consumer<Answer> answers) {
        var table = data.like(predictor.document());
        try (var rows = table.table().open()) {
            int text = table.text(rows);
            columns.accept(rows.hasHeader() ? rows.columns() : List.of());
            for (var row : rows) {
                answers.accept(answer(predictor, row, Table.plain(row.cell(text))));
            }
        }
    }

    private static Answer answer(Predictor predictor, Table.Row row, String text) {
        return text.isEmpty()
                ? new Answer(row, text, Optional.empty(), Optional.of("has no text"))
                : new Answer(row, text, Optional.of(predictor.predictText(text)), Optional.empty());
    }
}
