package espalier.optim;

import java.util.Arrays;
import java.util.List;

/**
 * The catalogue of schedules, with fastai's shapes. Progress outside {@code [0, 1]} gives the value at the nearer
 * end.
 */
public final class Schedules {
    private Schedules() {}

    /**
     * Schedules one after the other.
     *
     * @param shares the part of the fit that each takes, positive, adding up to 1
     * @param schedules as many, each going through its own 0 to 1 in its part
     * @throws IllegalArgumentException when the counts differ or the shares do not add up
     */
    public static Schedule combined(double[] shares, Schedule... schedules) {
        double sum = Arrays.stream(shares).sum();
        boolean positive = Arrays.stream(shares).allMatch(share -> share > 0);
        if (shares.length != schedules.length || !positive || Math.abs(sum - 1) > 1e-6) {
            throw new IllegalArgumentException("combined: expected one positive share a schedule, adding up to 1,"
                    + " received " + Arrays.toString(shares) + " for " + schedules.length
                    + " schedules. Maybe the shares are percentages: divide them by 100.");
        }
        double[] lengths = shares.clone();
        var parts = List.of(schedules);
        return progress -> {
            double start = 0;
            for (int i = 0; i < lengths.length - 1; i++) {
                if (progress < start + lengths[i]) {
                    return parts.get(i).at(clamp((progress - start) / lengths[i]));
                }
                start += lengths[i];
            }
            int last = lengths.length - 1;
            return parts.get(last).at(clamp((progress - start) / lengths[last]));
        };
    }

    /**
     * Cosine from {@code start} to {@code middle} in the first part of the fit, then cosine to {@code end}.
     *
     * @param share the first part, in {@code (0, 1)}
     */
    public static Schedule combinedCosine(double share, double start, double middle, double end) {
        return combined(new double[] {share, 1 - share}, cosine(start, middle), cosine(middle, end));
    }

    /** The same value all the time. */
    public static Schedule constant(double value) {
        return progress -> value;
    }

    /** Half a cosine wave from {@code start} to {@code end}: slow, fast, slow. */
    public static Schedule cosine(double start, double end) {
        return progress -> start + (1 + Math.cos(Math.PI * (1 - clamp(progress)))) * (end - start) / 2;
    }

    /**
     * From {@code start} to {@code end} by equal factors.
     *
     * @throws IllegalArgumentException when the two are not both positive
     */
    public static Schedule exponential(double start, double end) {
        if (start <= 0 || end <= 0) {
            throw new IllegalArgumentException(
                    "exponential: expected two positive values, received " + start + " and " + end + ".");
        }
        return progress -> start * Math.pow(end / start, clamp(progress));
    }

    /**
     * The same value for a share of the fit, then cosine down to {@code value / divFinal}: fastai's
     * {@code fit_flat_cos}, whose defaults are a share of 0.75 and {@code divFinal} 1e5.
     */
    public static Schedule flatCosine(double value, double share, double divFinal) {
        return combined(new double[] {share, 1 - share}, constant(value), cosine(value, value / divFinal));
    }

    /** From {@code start} to {@code end} by equal steps. */
    public static Schedule linear(double start, double end) {
        return progress -> start + (end - start) * clamp(progress);
    }

    /** The one-cycle policy with fastai's defaults: learning rate up, then down; momentum down, then up. */
    public static OneCycle oneCycle() {
        return OneCycle.standard();
    }

    /** {@code start + (end - start) * progress ^ power}. */
    public static Schedule polynomial(double start, double end, double power) {
        return progress -> start + (end - start) * Math.pow(clamp(progress), power);
    }

    /**
     * Cosines from {@code value} to 0, each starting anew at {@code value} and {@code factor} times as long as the
     * one before: fastai's {@code fit_sgdr}.
     *
     * @param cycles how many, at least 1
     * @paper Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts",
     *     <a href="https://arxiv.org/abs/1608.03983">arXiv:1608.03983</a>
     */
    public static Schedule warmRestarts(double value, int cycles, double factor) {
        if (cycles < 1 || factor <= 0) {
            throw new IllegalArgumentException(
                    "warmRestarts: expected at least 1 cycle and a positive factor, received " + cycles + " and "
                            + factor + ".");
        }
        double[] shares = new double[cycles];
        for (int i = 0; i < cycles; i++) {
            shares[i] = Math.pow(factor, i);
        }
        double sum = Arrays.stream(shares).sum();
        Arrays.setAll(shares, i -> shares[i] / sum);
        var parts = new Schedule[cycles];
        Arrays.fill(parts, cosine(value, 0));
        return combined(shares, parts);
    }

    private static double clamp(double progress) {
        return Math.min(1, Math.max(0, progress));
    }
}
