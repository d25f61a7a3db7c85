package espalier.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Items by falling score: at each distinct score, how many positive and negative items score at least that. It is what
 * ROC and precision-recall curves are made of, and the areas below them.
 *
 * @param thresholds the distinct scores, falling
 * @param positives how many positive items score at least the threshold of the same place
 * @param negatives how many negative items do
 */
public record Ranking(double[] thresholds, double[] positives, double[] negatives) {

    /** The ranking of scores of any scale, the higher the surer. @throws IllegalArgumentException for no items */
    public static Ranking of(double[] scores, boolean[] positive) {
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

    /** The number of distinct scores. */
    public int size() {
        return thresholds.length;
    }

    /** The number of positive items. */
    public double allPositives() {
        return positives[size() - 1];
    }

    /** The number of negative items. */
    public double allNegatives() {
        return negatives[size() - 1];
    }

    /** Returns this ranking without the points on a straight line between their neighbours, which no plot shows. */
    public Ranking corners() {
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

    /**
     * The area under the ROC curve: the probability that a positive item scores higher than a negative one, ties counting
     * half. NaN without both kinds of items.
     */
    public double rocArea() {
        double area = 0;
        for (int i = 0; i < size(); i++) {
            double width = negatives[i] - (i == 0 ? 0 : negatives[i - 1]);
            area += width * (positives[i] + (i == 0 ? 0 : positives[i - 1])) / 2;
        }
        return area / (allPositives() * allNegatives()); // 0 / 0 is the NaN that is wanted
    }

    /**
     * The mean of the precisions at each threshold, weighted by the recall that it adds: the sum of
     * {@code (R[n] - R[n-1]) P[n]}, scikit-learn's {@code average_precision_score}. NaN without positive items.
     */
    public double averagePrecision() {
        double sum = 0;
        for (int i = 0; i < size(); i++) {
            double more = positives[i] - (i == 0 ? 0 : positives[i - 1]);
            sum += more * positives[i] / (positives[i] + negatives[i]);
        }
        return sum / allPositives();
    }

    /** The area under a curve by the trapezoidal rule; NaN when a point is undefined. */
    public static double area(double[] x, double[] y) {
        double area = 0;
        for (int i = 1; i < x.length; i++) {
            area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
        }
        return Math.abs(area);
    }
}
