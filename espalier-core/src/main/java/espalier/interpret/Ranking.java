package espalier.interpret;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Items by falling score: at each distinct score, how many positive and negative items score at least that.
 * What both curves are made of.
 */
record Ranking(double[] thresholds, double[] positives, double[] negatives) {

    static Ranking of(double[] scores, boolean[] positive) {
        if (scores.length != positive.length || scores.length == 0) {
            throw new IllegalArgumentException("a curve needs as many answers as scores and at least one, received "
                    + positive.length + " and " + scores.length + ".");
        }
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int count = 0;
        var found = new Ranking(new double[order.length], new double[order.length], new double[order.length]);
        double up = 0;
        for (int i = 0; i < order.length; i++) {
            up += positive[order[i]] ? 1 : 0;
            if (i == order.length - 1 || scores[order[i]] != scores[order[i + 1]]) {
                found.thresholds[count] = scores[order[i]];
                found.positives[count] = up;
                found.negatives[count] = i + 1 - up;
                count++;
            }
        }
        return new Ranking(
                Arrays.copyOf(found.thresholds, count),
                Arrays.copyOf(found.positives, count),
                Arrays.copyOf(found.negatives, count));
    }

    int size() {
        return thresholds.length;
    }

    double allPositives() {
        return positives[size() - 1];
    }

    double allNegatives() {
        return negatives[size() - 1];
    }

    /** Without the points on a straight line between their neighbours, which no plot shows. */
    Ranking corners() {
        int[] kept = IntStream.range(0, size())
                .filter(i -> i == 0 || i == size() - 1 || bends(negatives, i) || bends(positives, i))
                .toArray();
        return new Ranking(pick(thresholds, kept), pick(positives, kept), pick(negatives, kept));
    }

    private static boolean bends(double[] values, int i) {
        return values[i + 1] - 2 * values[i] + values[i - 1] != 0;
    }

    private static double[] pick(double[] values, int[] kept) {
        return Arrays.stream(kept).mapToDouble(i -> values[i]).toArray();
    }

    /** The area under a curve by the trapezoidal rule; NaN when a point is undefined. */
    static double area(double[] x, double[] y) {
        double area = 0;
        for (int i = 1; i < x.length; i++) {
            area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
        }
        return Math.abs(area);
    }
}
