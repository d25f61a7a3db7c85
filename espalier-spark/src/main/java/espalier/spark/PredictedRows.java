package espalier.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The rows of a partition with their answers, in order; they are read and predicted a batch at a time. */
final class PredictedRows implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final int column;
    private final int batchSize;
    private final Cells cells;
    private final Queue<Row> ready = new ArrayDeque<>();

    PredictedRows(Iterator<Row> rows, int column, int batchSize, Cells cells) {
        this.rows = rows;
        this.column = column;
        this.batchSize = batchSize;
        this.cells = cells;
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
        if (ready.isEmpty()) {
            predictBatch();
        }
        var row = ready.poll();
        if (row == null) {
            throw new NoSuchElementException("all rows of the partition were predicted");
        }
        return row;
    }

    private void predictBatch() {
        List<Row> batch = new ArrayList<>();
        List<@Nullable Object> inputs = new ArrayList<>();
        while (batch.size() < batchSize && rows.hasNext()) {
            var row = rows.next();
            batch.add(row);
            inputs.add(row.get(column));
        }
        var answers = cells.predict(inputs);
        for (int i = 0; i < batch.size(); i++) {
            ready.add(Answers.appended(batch.get(i), answers.get(i)));
        }
    }
}
