package espalier.text;

import java.util.Arrays;
import java.util.List;

/**
 * A matrix most of whose values are 0: compressed sparse rows, as SciPy's {@code csr_matrix}. Immutable.
 *
 * @shape {@code [N, F]}
 */
public final class SparseRows {
    private final int columnCount;
    private final int[] starts;
    private final int[] columns;
    private final float[] values;

    /**
     * One row.
     *
     * @param columns the columns that are not 0, ascending
     * @param values their values, in the same order
     */
    public record Row(int[] columns, float[] values) {
        public Row {
            if (columns.length != values.length) {
                throw new IllegalArgumentException("a row needs as many values as columns, but got " + values.length
                        + " and " + columns.length + ". Maybe two rows were mixed up.");
            }
        }
    }

    private SparseRows(int columnCount, int[] starts, int[] columns, float[] values) {
        this.columnCount = columnCount;
        this.starts = starts;
        this.columns = columns;
        this.values = values;
    }

    /**
     * A matrix of rows, whose arrays are copied.
     *
     * @throws IllegalArgumentException when a column is out of range, or all rows together have more than 2 billion values
     */
    public static SparseRows of(int columnCount, List<Row> rows) {
        int[] starts = new int[rows.size() + 1];
        for (int i = 0; i < rows.size(); i++) {
            starts[i + 1] = added(starts[i], rows.get(i).columns.length);
        }
        int[] columns = new int[starts[rows.size()]];
        float[] values = new float[columns.length];
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            System.arraycopy(row.columns, 0, columns, starts[i], row.columns.length);
            System.arraycopy(row.values, 0, values, starts[i], row.values.length);
        }
        for (int column : columns) {
            if (column < 0 || column >= columnCount) {
                throw new IllegalArgumentException("a row has the column " + column + ", but there are only "
                        + columnCount + ". Maybe the rows belong to other features.");
            }
        }
        return new SparseRows(columnCount, starts, columns, values);
    }

    private static int added(int sum, int more) {
        if (more > Integer.MAX_VALUE - 8 - sum) {
            throw new IllegalArgumentException("the rows have more than 2 billion values."
                    + " Maybe train on a part of the texts, or with fewer features.");
        }
        return sum + more;
    }

    /** The number of rows, N. */
    public int rows() {
        return starts.length - 1;
    }

    /** The number of columns, F. */
    public int columns() {
        return columnCount;
    }

    /** The number of values that are stored. */
    public int size() {
        return columns.length;
    }

    /** A row. */
    public Row row(int index) {
        return new Row(
                Arrays.copyOfRange(columns, starts[index], starts[index + 1]),
                Arrays.copyOfRange(values, starts[index], starts[index + 1]));
    }

    /** The rows at some places, in that order. */
    public SparseRows select(int... places) {
        return of(columnCount, Arrays.stream(places).mapToObj(this::row).toList());
    }

    /** Adds the product of a row with {@code weights} {@code [F, O]} to {@code sums} {@code [O]}. */
    void multiply(int row, double[] weights, int outputs, double[] sums) {
        int end = starts[row + 1];
        if (outputs == 1) {
            double sum = sums[0];
            for (int i = starts[row]; i < end; i++) {
                sum += values[i] * weights[columns[i]];
            }
            sums[0] = sum;
            return;
        }
        for (int i = starts[row]; i < end; i++) {
            double value = values[i];
            int at = columns[i] * outputs;
            for (int k = 0; k < outputs; k++) {
                sums[k] += value * weights[at + k];
            }
        }
    }

    /** Adds the outer product of a row with {@code factors} {@code [O]} to {@code into} {@code [F, O]}. */
    void addOuter(int row, double[] factors, int outputs, double[] into) {
        int end = starts[row + 1];
        if (outputs == 1) {
            double factor = factors[0];
            for (int i = starts[row]; i < end; i++) {
                into[columns[i]] += factor * values[i];
            }
            return;
        }
        for (int i = starts[row]; i < end; i++) {
            double value = values[i];
            int at = columns[i] * outputs;
            for (int k = 0; k < outputs; k++) {
                into[at + k] += value * factors[k];
            }
        }
    }
}
