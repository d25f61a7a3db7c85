package espalier.text;

import espalier.data.Table;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of a table, each column read by its field: torchtext's {@code TabularDataset}. CSV, TSV and tables with semicolons or
 * bars; encoding and header are found out, see {@link Table}.
 *
 * <pre>{@code
 * var tweets = TabularDataset.of(Table.of(csv), List.of(FieldColumn.of("0", Field.label()), FieldColumn.of("5", Field.text())));
 * List<List<String>> texts = tweets.column("5");
 * }</pre>
 *
 * @param columns the columns as they were asked for, with the values of each, as {@link Field#preprocess} gives them
 * @param rejected the rows that were left out, as they have too many cells or an empty one
 */
public record TabularDataset(Map<String, List<List<String>>> columns, List<Rejected> rejected) {
    /**
     * A column and how it is read.
     *
     * @param column its name, or its number from 0
     * @param field reads its cells
     */
    public record FieldColumn(String column, Field field) {
        /** A column read by a field. */
        public static FieldColumn of(String column, Field field) {
            return new FieldColumn(column, field);
        }
    }

    /**
     * Reads the columns of a table; all others are left alone.
     *
     * @throws DataException when the table cannot be read, or has no such column
     */
    public static TabularDataset of(Table table, List<FieldColumn> fields) {
        try (var rows = table.open()) {
            int[] positions =
                    fields.stream().mapToInt(one -> rows.column(one.column())).toArray();
            List<List<List<String>>> values = new ArrayList<>();
            fields.forEach(one -> values.add(new ArrayList<>()));
            List<Rejected> rejected = new ArrayList<>();
            for (var row : rows) {
                var reason = reason(row, positions);
                if (reason.isPresent()) {
                    rejected.add(new Rejected("line " + row.line(), reason.get()));
                    continue;
                }
                for (int i = 0; i < positions.length; i++) {
                    values.get(i).add(fields.get(i).field().preprocess(row.cell(positions[i])));
                }
            }
            Map<String, List<List<String>>> columns = new LinkedHashMap<>();
            for (int i = 0; i < positions.length; i++) {
                columns.put(fields.get(i).column(), values.get(i));
            }
            return new TabularDataset(columns, rejected);
        }
    }

    private static Optional<String> reason(Table.Row row, int... positions) {
        for (int position : positions) {
            if (row.fault().isEmpty() && row.cell(position).isEmpty()) {
                return Optional.of("has nothing in column " + position);
            }
        }
        return row.fault();
    }

    /** The number of rows. */
    public int size() {
        return columns.values().stream().mapToInt(List::size).findFirst().orElse(0);
    }

    /** The values of a column, as it was asked for. @throws IllegalArgumentException when it was not */
    public List<List<String>> column(String name) {
        return Optional.ofNullable(columns.get(name))
                .orElseThrow(() -> new IllegalArgumentException("the column " + name + " was not read, only "
                        + columns.keySet() + ". Maybe it is named in another way there."));
    }
}
