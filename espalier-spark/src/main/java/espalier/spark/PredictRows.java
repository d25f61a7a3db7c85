package espalier.spark;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * What a task does with its partition: it borrows the executor's predictor, and gives it back when the task ends. It is sent with
 * each task, so it holds no model.
 */
final class PredictRows implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    private final ShippedModel model;
    private final int column;
    private final int batchSize;

    PredictRows(ShippedModel model, int column, int batchSize) {
        this.model = model;
        this.column = column;
        this.batchSize = batchSize;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows; // no model for nothing
        }
        var task = TaskContext.get();
        var predictor = model.borrow(task.cpus());
        task.addTaskCompletionListener(ended -> {
            predictor.close();
            return null;
        });
        return new PredictedRows(rows, column, batchSize, new Cells(predictor.predictor(), model.files()));
    }
}
