package espalier.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** fastai's four ways to read a learning rate from the curve; the first tenth and the last five steps do not count. */
final class LrSuggestions {
    private static final int SLIDE_WIDTH = 15;
    private static final double SLIDE_THRESHOLD = 0.005;

    private LrSuggestions() {}

    static Map<String, Double> of(double[] lrs, double[] losses) {
        int from = losses.length / 10;
        int to = Math.max(from, losses.length - 5);
        double[] x = Arrays.copyOfRange(lrs, from, to);
        double[] y = Arrays.copyOfRange(losses, from, to);
        int good = 0;
        while (good < y.length && !Double.isNaN(y[good])) {
            good++;
        }
        double[] rates = Arrays.copyOf(x, good);
        double[] values = Arrays.copyOf(y, good);
        var found = new LinkedHashMap<String, Double>();
        valley(values).ifPresent(i -> found.put("valley", rates[i]));
        steep(rates, values).ifPresent(i -> found.put("steep", rates[i]));
        minimum(values).ifPresent(i -> found.put("minimum", rates[i] / 10));
        slide(values).ifPresent(i -> found.put("slide", rates[i]));
        return found;
    }

    /**
     * A point two thirds down the longest falling part: the longest strictly decreasing subsequence, taken as if it
     * were one piece. fastai's start is one too low and can be -1; it is kept at 0 here.
     */
    static OptionalInt valley(double[] losses) {
        int n = losses.length;
        if (n == 0) {
            return OptionalInt.empty();
        }
        int[] length = new int[n];
        Arrays.fill(length, 1);
        int end = 0;
        for (int i = 1; i < n; i++) {
            for (int j = 0; j < i; j++) {
                if (losses[i] < losses[j] && length[i] < length[j] + 1) {
                    length[i] = length[j] + 1;
                }
            }
            if (length[i] > length[end]) {
                end = i;
            }
        }
        int start = end - length[end];
        double third = (end - start) / 3.0;
        return OptionalInt.of(Math.max(0, start + (int) third + (int) (third / 2)));
    }

    /** Where the loss falls fastest per factor of the rate. */
    static OptionalInt steep(double[] lrs, double[] losses) {
        OptionalInt best = OptionalInt.empty();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i + 1 < losses.length; i++) {
            double slope = (losses[i + 1] - losses[i]) / (Math.log(lrs[i + 1]) - Math.log(lrs[i]));
            if (slope < least) {
                least = slope;
                best = OptionalInt.of(i);
            }
        }
        return best;
    }

    /** Where the loss is least; a tenth of that rate is the suggestion. */
    static OptionalInt minimum(double[] losses) {
        OptionalInt best = OptionalInt.empty();
        for (int i = 0; i < losses.length; i++) {
            if (best.isEmpty() || losses[i] < losses[best.getAsInt()]) {
                best = OptionalInt.of(i);
            }
        }
        return best;
    }

    /** The left end of the last window, coming from the right, over which the slope hardly changes. */
    static OptionalInt slide(double[] losses) {
        if (losses.length < SLIDE_WIDTH + 1) {
            return OptionalInt.empty();
        }
        double[] gradient = gradient(losses);
        int right = gradient.length - 1;
        int left = gradient.length - SLIDE_WIDTH;
        while (left > 0 && Math.abs(gradient[right] - gradient[left]) > SLIDE_THRESHOLD) {
            right--;
            left--;
        }
        return OptionalInt.of(left);
    }

    private static double[] gradient(double[] y) {
        double[] result = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            int before = Math.max(0, i - 1);
            int after = Math.min(y.length - 1, i + 1);
            result[i] = (y[after] - y[before]) / (after - before);
        }
        return result;
    }
}
