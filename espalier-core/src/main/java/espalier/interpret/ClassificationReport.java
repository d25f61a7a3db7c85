package espalier.interpret;

import espalier.metric.Average;
import espalier.metric.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Precision, recall, F1 and support of every class, and their averages: scikit-learn's
 * {@code classification_report}, to the last digit and in the same layout.
 *
 * <pre>{@code
 * var report = ClassificationReport.of(predictions);
 * report.row("dog").orElseThrow().f1();     // of the class that you name; no class is "the positive one"
 * report.macro().f1();
 * }</pre>
 *
 * <p>Precision is tp / (tp + fp), recall tp / (tp + fn), F1 2 tp / (2 tp + fp + fn). A quotient of nothing by nothing,
 * for a class that never occurs or is never predicted, counts as {@link #zeroDivision}, 0 by default.
 */
public final class ClassificationReport {
    private final Predictions predictions;
    private final double zeroDivision;
    private final List<NamedCounts> counts;
    private final List<Row> rows;

    /**
     * Figures of one class or average.
     *
     * @param name the class, or {@code "macro avg"} and its like
     * @param precision how much of what was called so is so, 0 to 1
     * @param recall how much of what is so was called so, 0 to 1
     * @param f1 the harmonic mean of both, 0 to 1
     * @param support the number of items that are so
     */
    public record Row(String name, double precision, double recall, double f1, long support) {
        Map<String, Object> toMap() {
            return new Plain()
                    .put("precision", precision)
                    .put("recall", recall)
                    .put("f1", f1)
                    .put("support", support)
                    .map();
        }
    }

    private ClassificationReport(Predictions predictions, List<NamedCounts> counts, double zeroDivision) {
        this.predictions = predictions;
        this.zeroDivision = zeroDivision;
        this.counts = counts;
        this.rows = counts.stream().map(c -> c.row(zeroDivision)).toList();
    }

    /** The report on predictions, of items with one class or with labels. */
    public static ClassificationReport of(Predictions predictions) {
        return new ClassificationReport(predictions, NamedCounts.ofClasses(predictions), 0);
    }

    /**
     * The same report where nothing divided by nothing is {@code value}.
     *
     * @param value 0, 1, or NaN, which keeps such a class out of the averages
     */
    public ClassificationReport zeroDivision(double value) {
        if (value != 0 && value != 1 && !Double.isNaN(value)) {
            throw new IllegalArgumentException("zeroDivision: expected 0, 1 or NaN, received " + value + ".");
        }
        return new ClassificationReport(predictions, counts, value);
    }

    /** The figures of every class, in the order of the classes. */
    public List<Row> rows() {
        return rows;
    }

    /** The figures of the class of this name. */
    public Optional<Row> row(String name) {
        return rows.stream().filter(row -> row.name().equals(name)).findFirst();
    }

    /** The names of the classes of which there is no item: {@link #macro} takes what they have for 0. */
    public List<String> missing() {
        return rows.stream().filter(row -> row.support() == 0).map(Row::name).toList();
    }

    /** The share of items that are right: with labels, those whose every label is. */
    public double accuracy() {
        if (predictions.size() == 0) {
            return Double.NaN;
        }
        long right = 0;
        for (int i = 0; i < predictions.size(); i++) {
            right += isRight(i) ? 1 : 0;
        }
        return (double) right / predictions.size();
    }

    /** One minus the {@link #accuracy}. */
    public double errorRate() {
        return 1 - accuracy();
    }

    /** The figures of all decisions thrown together; for items of one class all three are the accuracy. */
    public Row micro() {
        return new NamedCounts("micro avg", total()).row(zeroDivision);
    }

    /** The plain mean over the classes. */
    public Row macro() {
        return average("macro avg", rows, row -> 1);
    }

    /** The mean over the classes, weighted by their support. */
    public Row weighted() {
        return average("weighted avg", rows, Row::support);
    }

    /** The mean over the items of each one's figures; empty unless items have labels. */
    public Optional<Row> samples() {
        if (!predictions.isMultiLabel()) {
            return Optional.empty();
        }
        var each = NamedCounts.ofItems(predictions).stream()
                .map(c -> c.row(zeroDivision))
                .toList();
        return Optional.of(average("samples avg", each, row -> 1));
    }

    /**
     * The F-beta score, in which recall counts {@code beta} times as much as precision; the average of the classes, of the
     * items (for labels), or of all decisions together.
     *
     * @throws IllegalArgumentException for {@code BINARY}: the class is named by {@link #row}
     */
    public double fBeta(double beta, Average average) {
        return switch (average) {
            case BINARY -> throw new IllegalArgumentException("a report names its classes: see row(...).");
            case MICRO -> total().fBeta(beta, zeroDivision);
            case MACRO -> mean(counts, beta, c -> 1);
            case SAMPLES -> mean(NamedCounts.ofItems(predictions), beta, c -> 1);
            case WEIGHTED -> mean(counts, beta, Counts::support);
        };
    }

    private double mean(List<NamedCounts> all, double beta, ToDoubleFunction<Counts> weight) {
        double sum = 0;
        double weights = 0;
        for (NamedCounts each : all) {
            double value = each.counts().fBeta(beta, zeroDivision);
            if (!Double.isNaN(value)) {
                sum += value * weight.applyAsDouble(each.counts());
                weights += weight.applyAsDouble(each.counts());
            }
        }
        return sum / weights;
    }

    private Counts total() {
        return counts.stream().map(NamedCounts::counts).reduce(Counts.NONE, Counts::plus);
    }

    /** The figures as plain maps: {@code classes}, {@code accuracy}, {@code macro} and so on. */
    public Map<String, Object> toMap() {
        var classes = new Plain();
        rows.forEach(row -> classes.put(row.name(), row.toMap()));
        var all = new Plain()
                .put("accuracy", accuracy())
                .put("error_rate", errorRate())
                .put("micro", micro().toMap())
                .put("macro", macro().toMap())
                .put("weighted", weighted().toMap());
        samples().ifPresent(row -> all.put("samples", row.toMap()));
        return all.put("classes", classes.map()).map();
    }

    /** The table as text, numbers with {@code digits} decimals. */
    public String text(int digits) {
        var names = rows.stream().map(row -> Names.shown(row.name(), 80)).toList();
        int longest = names.stream().mapToInt(Names::length).max().orElse(0);
        int width = Math.max(longest, Math.max("weighted avg".length(), digits));
        var out = new StringBuilder(Names.right("", width) + " ");
        for (String head : List.of("precision", "recall", "f1-score", "support")) {
            out.append(' ').append(Names.right(head, 9));
        }
        out.append("\n\n");
        for (int i = 0; i < names.size(); i++) {
            line(out, Names.right(names.get(i), width), rows.get(i), digits);
        }
        out.append('\n');
        if (predictions.isMultiLabel()) {
            line(out, Names.right("micro avg", width), micro(), digits);
        } else {
            String value = Names.right(Names.decimal(accuracy(), digits), 9);
            out.append(Names.right("accuracy", width)).append(" ".repeat(22)).append(value);
            out.append(' ')
                    .append(Names.right(Long.toString(micro().support()), 9))
                    .append('\n');
        }
        line(out, Names.right("macro avg", width), macro(), digits);
        line(out, Names.right("weighted avg", width), weighted(), digits);
        samples().ifPresent(row -> line(out, Names.right("samples avg", width), row, digits));
        return out.toString();
    }

    /** The table as text with two decimals. */
    @Override
    public String toString() {
        return text(2);
    }

    private static void line(StringBuilder out, String name, Row row, int digits) {
        out.append(name).append(' ');
        for (double value : new double[] {row.precision(), row.recall(), row.f1()}) {
            out.append(' ').append(Names.right(Names.decimal(value, digits), 9));
        }
        out.append(' ').append(Names.right(Long.toString(row.support()), 9)).append('\n');
    }

    private boolean isRight(int item) {
        if (!predictions.isMultiLabel()) {
            return predictions.predicted(item) == predictions.target(item);
        }
        for (int c = 0; c < predictions.classes().size(); c++) {
            if (predictions.has(item, c) != predictions.says(item, c)) {
                return false;
            }
        }
        return true;
    }

    private Row average(String name, List<Row> of, ToDoubleFunction<Row> weight) {
        long support = rows.stream().mapToLong(Row::support).sum();
        return new Row(
                name,
                mean(of, Row::precision, weight),
                mean(of, Row::recall, weight),
                mean(of, Row::f1, weight),
                support);
    }

    /** Leaves undefined figures out; when all weights are zero, the plain mean, as scikit-learn. */
    private static double mean(List<Row> of, ToDoubleFunction<Row> figure, ToDoubleFunction<Row> weight) {
        var defined = new ArrayList<Row>(of);
        defined.removeIf(row -> Double.isNaN(figure.applyAsDouble(row)));
        double sum = 0;
        double weights = 0;
        double plain = 0;
        for (Row row : defined) {
            sum += figure.applyAsDouble(row) * weight.applyAsDouble(row);
            weights += weight.applyAsDouble(row);
            plain += figure.applyAsDouble(row);
        }
        return weights == 0 ? plain / defined.size() : sum / weights;
    }
}
