package espalier.interpret;

import java.util.ArrayList;
import java.util.List;

/** True positives, false positives and false negatives of one class or item. */
record Counts(String name, long truePositives, long falsePositives, long falseNegatives) {

    Counts plus(Counts other) {
        return new Counts(
                name,
                truePositives + other.truePositives,
                falsePositives + other.falsePositives,
                falseNegatives + other.falseNegatives);
    }

    double precision(double zeroDivision) {
        return divide(truePositives, truePositives + falsePositives, zeroDivision);
    }

    double recall(double zeroDivision) {
        return divide(truePositives, truePositives + falseNegatives, zeroDivision);
    }

    double f1(double zeroDivision) {
        return divide(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives, zeroDivision);
    }

    ClassificationReport.Row row(double zeroDivision) {
        return new ClassificationReport.Row(
                name, precision(zeroDivision), recall(zeroDivision), f1(zeroDivision), truePositives + falseNegatives);
    }

    /** One for each class. */
    static List<Counts> ofClasses(Predictions predictions) {
        int count = predictions.classes().size();
        long[][] tallies = new long[3][count];
        for (int i = 0; i < predictions.size(); i++) {
            if (predictions.isMultiLabel()) {
                for (int c = 0; c < count; c++) {
                    tally(tallies, c, predictions.has(i, c), predictions.says(i, c));
                }
            } else {
                int actual = predictions.target(i);
                int predicted = predictions.predicted(i);
                tally(tallies, actual, true, actual == predicted);
                if (actual != predicted) {
                    tally(tallies, predicted, false, true);
                }
            }
        }
        return rows(predictions.classes(), tallies);
    }

    /** One for each item with labels. */
    static List<Counts> ofItems(Predictions predictions) {
        long[][] tallies = new long[3][predictions.size()];
        for (int i = 0; i < predictions.size(); i++) {
            for (int c = 0; c < predictions.classes().size(); c++) {
                tally(tallies, i, predictions.has(i, c), predictions.says(i, c));
            }
        }
        return rows(predictions.items(), tallies);
    }

    private static void tally(long[][] tallies, int row, boolean actual, boolean predicted) {
        if (actual || predicted) {
            tallies[actual && predicted ? 0 : predicted ? 1 : 2][row]++;
        }
    }

    private static List<Counts> rows(List<String> names, long[][] tallies) {
        var rows = new ArrayList<Counts>();
        for (int r = 0; r < names.size(); r++) {
            rows.add(new Counts(names.get(r), tallies[0][r], tallies[1][r], tallies[2][r]));
        }
        return rows;
    }

    private static double divide(double numerator, double denominator, double zeroDivision) {
        return denominator == 0 ? zeroDivision : numerator / denominator;
    }
}
