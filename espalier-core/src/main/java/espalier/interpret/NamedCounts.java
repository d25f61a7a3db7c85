package espalier.interpret;

import espalier.metric.Counts;
import java.util.ArrayList;
import java.util.List;

/** The counts of one class or item, with its name. */
record NamedCounts(String name, Counts counts) {

    ClassificationReport.Row row(double zeroDivision) {
        return new ClassificationReport.Row(
                name,
                counts.precision(zeroDivision),
                counts.recall(zeroDivision),
                counts.fBeta(1, zeroDivision),
                counts.support());
    }

    /** One for each class. */
    static List<NamedCounts> ofClasses(Predictions predictions) {
        int count = predictions.classes().size();
        long[][] tallies = new long[4][count];
        for (int i = 0; i < predictions.size(); i++) {
            int predicted = predictions.isMultiLabel() ? -1 : predictions.predicted(i);
            for (int c = 0; c < count; c++) {
                boolean says = predictions.isMultiLabel() ? predictions.says(i, c) : c == predicted;
                tally(tallies, c, predictions.has(i, c), says);
            }
        }
        return rows(predictions.classes(), tallies);
    }

    /** One for each item with labels. */
    static List<NamedCounts> ofItems(Predictions predictions) {
        long[][] tallies = new long[4][predictions.size()];
        for (int i = 0; i < predictions.size(); i++) {
            for (int c = 0; c < predictions.classes().size(); c++) {
                tally(tallies, i, predictions.has(i, c), predictions.says(i, c));
            }
        }
        return rows(predictions.items(), tallies);
    }

    private static void tally(long[][] tallies, int row, boolean actual, boolean predicted) {
        int cell = predicted ? actual ? 0 : 1 : actual ? 2 : 3;
        tallies[cell][row]++;
    }

    private static List<NamedCounts> rows(List<String> names, long[][] tallies) {
        var rows = new ArrayList<NamedCounts>();
        for (int r = 0; r < names.size(); r++) {
            var counts = new Counts(tallies[0][r], tallies[1][r], tallies[2][r], tallies[3][r]);
            rows.add(new NamedCounts(names.get(r), counts));
        }
        return rows;
    }
}
