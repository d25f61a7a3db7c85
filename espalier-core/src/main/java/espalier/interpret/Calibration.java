package espalier.interpret;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether probabilities mean what they say: of all items predicted with 80 %, are 80 % right? Probabilities are sorted
 * into bins of equal width, and each bin's mean is set against how often the prediction came true.
 *
 * @paper Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", 2017,
 *     https://arxiv.org/abs/1706.04599, equation 3. Bins are those of scikit-learn's {@code calibration_curve}: a
 *     probability on an edge belongs to the lower bin.
 */
public final class Calibration {
    private final double[] probabilities;
    private final boolean[] happened;
    private final List<Bin> bins;

    /**
     * Predictions of similar probability.
     *
     * @param lower the bin's lower edge, exclusive but for 0
     * @param upper the bin's upper edge, inclusive
     * @param predicted the mean probability of those in the bin, NaN for none
     * @param observed the share of those in the bin that came true, NaN for none
     */
    public record Bin(double lower, double upper, long count, double predicted, double observed) {
        Map<String, Object> toMap() {
            return new Plain()
                    .put("lower", lower)
                    .put("upper", upper)
                    .put("count", count)
                    .put("predicted", predicted)
                    .put("observed", observed)
                    .map();
        }
    }

    private Calibration(double[] probabilities, boolean[] happened, int count) {
        this.probabilities = probabilities;
        this.happened = happened;
        this.bins = fill(count);
    }

    /** The calibration of any predicted events in ten bins. @throws IllegalArgumentException when the numbers differ */
    public static Calibration of(double[] probabilities, boolean[] happened) {
        if (probabilities.length != happened.length) {
            throw new IllegalArgumentException("Calibration: " + probabilities.length + " probabilities and "
                    + happened.length + " outcomes, expected as many. Maybe they are of different items.");
        }
        return new Calibration(probabilities.clone(), happened.clone(), 10);
    }

    /**
     * The calibration of predictions in ten bins: of the probability of the predicted class against its being right;
     * for labels, of all probabilities against the labels.
     */
    public static Calibration of(Predictions predictions) {
        int size = predictions.size();
        int classes = predictions.classes().size();
        if (!predictions.isMultiLabel()) {
            double[] sure = new double[size];
            boolean[] right = new boolean[size];
            for (int i = 0; i < size; i++) {
                sure[i] = predictions.probability(i, predictions.predicted(i));
                right[i] = predictions.predicted(i) == predictions.target(i);
            }
            return new Calibration(sure, right, 10);
        }
        double[] all = new double[size * classes];
        boolean[] has = new boolean[size * classes];
        for (int i = 0; i < all.length; i++) {
            all[i] = predictions.probability(i / classes, i % classes);
            has[i] = predictions.has(i / classes, i % classes);
        }
        return new Calibration(all, has, 10);
    }

    /** The calibration of one class's or label's probability. @throws IllegalArgumentException when there is none */
    public static Calibration of(Predictions predictions, String name) {
        int category = predictions.indexOf(name);
        return new Calibration(predictions.column(category), predictions.truth(category), 10);
    }

    /** The same in {@code count} bins. */
    public Calibration bins(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("bins: expected 1 or more, received " + count + ". Maybe 10 is meant.");
        }
        return new Calibration(probabilities, happened, count);
    }

    /** The bins from low to high probability, empty ones included. */
    public List<Bin> bins() {
        return bins;
    }

    /** The expected calibration error: the mean distance of both over the predictions, 0 to 1; NaN for none. */
    public double expectedError() {
        double sum = 0;
        for (Bin bin : bins) {
            sum += bin.count == 0 ? 0 : bin.count * Math.abs(bin.observed - bin.predicted);
        }
        return sum / probabilities.length;
    }

    /** The largest distance of both in any bin, 0 to 1. */
    public double maximumError() {
        return bins.stream()
                .filter(bin -> bin.count > 0)
                .mapToDouble(bin -> Math.abs(bin.observed - bin.predicted))
                .max()
                .orElse(Double.NaN);
    }

    /** The Brier score: the mean squared distance of the probability from what happened (0 or 1), best 0. */
    public double brier() {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double off = probabilities[i] - (happened[i] ? 1 : 0);
            sum += off * off;
        }
        return sum / probabilities.length;
    }

    /** The figures as plain values: {@code ece}, {@code mce}, {@code brier}, {@code bins}. */
    public Map<String, Object> toMap() {
        return new Plain()
                .put("ece", expectedError())
                .put("mce", maximumError())
                .put("brier", brier())
                .put("bins", bins.stream().map(Bin::toMap).toList())
                .map();
    }

    private List<Bin> fill(int count) {
        double width = 1.0 / count;
        long[] counts = new long[count];
        double[] sums = new double[count];
        double[] hits = new double[count];
        for (int i = 0; i < probabilities.length; i++) {
            int bin = Math.min(count - 1, Math.max(0, (int) (probabilities[i] * count)));
            // The product may land on the other side of an edge than the comparison with it.
            while (bin > 0 && probabilities[i] <= bin * width) {
                bin--;
            }
            while (bin < count - 1 && probabilities[i] > (bin + 1) * width) {
                bin++;
            }
            counts[bin]++;
            sums[bin] += probabilities[i];
            hits[bin] += happened[i] ? 1 : 0;
        }
        var filled = new ArrayList<Bin>();
        for (int b = 0; b < count; b++) {
            filled.add(new Bin(b * width, (b + 1) * width, counts[b], sums[b] / counts[b], hits[b] / counts[b]));
        }
        return List.copyOf(filled);
    }
}
