package espalier.interpret;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * How many items of each class were called what: rows are the right classes, columns the predicted ones.
 *
 * <pre>{@code
 * var matrix = ConfusionMatrix.of(predictions);
 * matrix.mostConfused(2);                     // [grizzly called teddy 3 times]
 * matrix.plot(Path.of("confusion.png"));
 * }</pre>
 *
 * <p>Only items of one class have one; for labels see {@link MultiLabelConfusion}. Memory grows with the number of
 * different confusions, not with the square of the number of classes.
 */
public final class ConfusionMatrix {
    private static final int TEXT_WIDTH = 100;
    private static final int TEXT_CLASSES = 40;

    private final List<String> classes;
    private final SortedMap<Cell, Long> cells;
    private final long[] supports;

    /** A row and a column. */
    private record Cell(int actual, int predicted) implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            int byRow = Integer.compare(actual, other.actual);
            return byRow != 0 ? byRow : Integer.compare(predicted, other.predicted);
        }
    }

    /** Items of the class {@code actual} that were called {@code predicted}, {@code count} times. */
    public record Confusion(String actual, String predicted, long count) {
        @Override
        public String toString() {
            return Names.shown(actual, 60) + " called " + Names.shown(predicted, 60) + ": " + count;
        }
    }

    private ConfusionMatrix(List<String> classes, SortedMap<Cell, Long> cells) {
        this.classes = classes;
        this.cells = cells;
        this.supports = new long[classes.size()];
        cells.forEach((cell, count) -> supports[cell.actual] += count);
    }

    /** The matrix of predictions. @throws IllegalStateException for multi-label predictions */
    public static ConfusionMatrix of(Predictions predictions) {
        predictions.requireSingle("ConfusionMatrix");
        return of(predictions.classes(), predictions.targets(), predictions.predicted());
    }

    /** The matrix of right and predicted class indices. @throws IllegalArgumentException when their numbers differ */
    public static ConfusionMatrix of(List<String> classes, int[] actual, int[] predicted) {
        if (actual.length != predicted.length) {
            throw new IllegalArgumentException("ConfusionMatrix: " + actual.length + " right classes and "
                    + predicted.length + " predicted ones, expected as many. Maybe they are of different items.");
        }
        var cells = new TreeMap<Cell, Long>();
        for (int i = 0; i < actual.length; i++) {
            var cell = new Cell(
                    java.util.Objects.checkIndex(actual[i], classes.size()),
                    java.util.Objects.checkIndex(predicted[i], classes.size()));
            cells.merge(cell, 1L, Long::sum);
        }
        return new ConfusionMatrix(List.copyOf(classes), cells);
    }

    /** The names of the classes. */
    public List<String> classes() {
        return classes;
    }

    /** The number of items of class {@code actual} that were called {@code predicted}. */
    public long count(int actual, int predicted) {
        return cells.getOrDefault(new Cell(actual, predicted), 0L);
    }

    /** The share of the items of class {@code actual} that were called {@code predicted}; 0 when there are no such items. */
    public double share(int actual, int predicted) {
        return supports[actual] == 0 ? 0 : (double) count(actual, predicted) / supports[actual];
    }

    /** The number of items of one class. */
    public long support(int actual) {
        return supports[actual];
    }

    /** The number of items in all. */
    public long total() {
        return IntStream.range(0, supports.length).mapToLong(i -> supports[i]).sum();
    }

    /** All counts, {@code [actual][predicted]}. */
    public long[][] counts() {
        long[][] all = new long[classes.size()][classes.size()];
        cells.forEach((cell, count) -> all[cell.actual][cell.predicted] = count);
        return all;
    }

    /** All shares, {@code [actual][predicted]}: each row sums to 1, or to 0 for a class that does not occur. */
    public double[][] normalised() {
        double[][] all = new double[classes.size()][classes.size()];
        cells.forEach((cell, count) -> all[cell.actual][cell.predicted] = (double) count / supports[cell.actual]);
        return all;
    }

    /** The share of items on the diagonal; NaN for no items. */
    public double accuracy() {
        long right =
                IntStream.range(0, classes.size()).mapToLong(c -> count(c, c)).sum();
        return total() == 0 ? Double.NaN : (double) right / total();
    }

    /**
     * The confusions that occur at least {@code min} times, most frequent first, equals in the order of the classes.
     * Unlike fastai's, {@code min} has no default that hides confusions.
     */
    public List<Confusion> mostConfused(int min) {
        return cells.entrySet().stream()
                .filter(e -> e.getKey().actual != e.getKey().predicted && e.getValue() >= min)
                .sorted(Map.Entry.<Cell, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(e ->
                        new Confusion(classes.get(e.getKey().actual), classes.get(e.getKey().predicted), e.getValue()))
                .toList();
    }

    /**
     * The matrix of the {@code max} classes that take part in most errors, in their order; items of other classes, or
     * called so, are left out of it. The same matrix when there are no more classes than that.
     */
    public ConfusionMatrix worst(int max) {
        if (classes.size() <= max) {
            return this;
        }
        var names = new ArrayList<String>();
        var places = places(max, names);
        var part = new TreeMap<Cell, Long>();
        cells.forEach((cell, count) -> {
            var row = places.get(cell.actual);
            var column = places.get(cell.predicted);
            if (row != null && column != null) {
                part.put(new Cell(row, column), count);
            }
        });
        return new ConfusionMatrix(List.copyOf(names), part);
    }

    /**
     * The same, with all other classes taken for one, the last: nothing is left out. What is on its diagonal is not right
     * thereby: the classes behind it may have been taken for one another.
     */
    ConfusionMatrix withOthers(int max) {
        if (classes.size() <= max) {
            return this;
        }
        var names = new ArrayList<String>();
        var places = places(max, names);
        int others = names.size();
        names.add("others (" + (classes.size() - others) + ")");
        var part = new TreeMap<Cell, Long>();
        cells.forEach((cell, count) -> part.merge(
                new Cell(places.getOrDefault(cell.actual, others), places.getOrDefault(cell.predicted, others)),
                count,
                Long::sum));
        return new ConfusionMatrix(List.copyOf(names), part);
    }

    /** Where the classes with most errors are in a part of the matrix, by their place in the whole; their names are added. */
    private Map<Integer, Integer> places(int max, List<String> names) {
        var places = new HashMap<Integer, Integer>();
        for (int c : kept(max)) {
            places.put(c, names.size());
            names.add(classes.get(c));
        }
        return places;
    }

    /** The {@code max} classes that take part in most errors, in their order. */
    int[] kept(int max) {
        long[] errors = new long[classes.size()];
        cells.forEach((cell, count) -> {
            if (cell.actual != cell.predicted) {
                errors[cell.actual] += count;
                errors[cell.predicted] += count;
            }
        });
        return IntStream.range(0, errors.length)
                .boxed()
                .sorted(Comparator.comparingLong((Integer c) -> -errors[c]).thenComparingLong(c -> -supports[c]))
                .limit(max)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** A picture of the matrix: counts in cells that are coloured by their share of the row. */
    public Plot plot() {
        return MatrixPlot.of(this, false);
    }

    /** The same with the shares in percent instead of the counts: what {@link #normalised} holds. */
    public Plot normalisedPlot() {
        return MatrixPlot.of(this, true);
    }

    /** Writes {@link #plot()} as a PNG. @throws IOException when the file cannot be written */
    public void plot(Path png) throws IOException {
        plot().save(png);
    }

    /**
     * The matrix as plain maps: {@code classes}, {@code counts} and {@code normalised} (each row's shares), or above
     * 1,000 classes the confusions alone.
     */
    public Map<String, Object> toMap() {
        var map = new Plain().put("classes", classes).put("accuracy", accuracy());
        if (classes.size() <= 1000) {
            var rows = new ArrayList<List<Long>>();
            for (long[] row : counts()) {
                rows.add(Arrays.stream(row).boxed().toList());
            }
            var shares = new ArrayList<List<Double>>();
            for (double[] row : normalised()) {
                shares.add(Arrays.stream(row).boxed().toList());
            }
            map.put("counts", rows).put("normalised", shares);
        }
        return map.put("most_confused", confusions()).map();
    }

    private List<Map<String, Object>> confusions() {
        return mostConfused(1).stream()
                .limit(1000)
                .map(c -> new Plain()
                        .put("actual", c.actual())
                        .put("predicted", c.predicted())
                        .put("count", c.count())
                        .map())
                .toList();
    }

    /**
     * The matrix for a terminal: by names while it fits 100 columns, else by numbers that the rows explain; above 40
     * classes the 40 with most errors.
     */
    public String text() {
        return text("predicted", (a, p) -> Long.toString(count(a, p)));
    }

    /** The same with shares in percent of each row, rounded: what {@link #normalised} holds. */
    public String normalisedText() {
        // Of the whole matrix: of a part the rows would sum to 100 without the items that are left out.
        return text("predicted, percent of the row", (a, p) -> Math.round(100 * share(a, p)) + "%");
    }

    private String text(String head, BiFunction<Integer, Integer, String> cell) {
        int[] kept = classes.size() > TEXT_CLASSES
                ? kept(TEXT_CLASSES)
                : IntStream.range(0, classes.size()).toArray();
        var names = Names.distinct(Arrays.stream(kept).mapToObj(classes::get).toList(), 20);
        var rows = new ArrayList<List<String>>();
        for (int a : kept) {
            rows.add(Arrays.stream(kept)
                    .mapToObj(p -> count(a, p) == 0 ? "." : cell.apply(a, p))
                    .toList());
        }
        String shown = TextMatrix.of("actual", head, names, rows, TEXT_WIDTH);
        return classes.size() > TEXT_CLASSES
                ? shown + "(the " + TEXT_CLASSES + " of " + classes.size() + " classes with most errors)\n"
                : shown;
    }

    @Override
    public String toString() {
        return text();
    }
}
