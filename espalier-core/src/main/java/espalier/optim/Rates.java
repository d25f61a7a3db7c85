package espalier.optim;

import java.util.Arrays;

/**
 * Learning rates of parameter groups: small for the first layers, which know most already, large for the head.
 *
 * <pre>{@code
 * Rates.of(1e-3)             // 1e-3 for each group
 * Rates.range(1e-5, 1e-3)    // three groups: 1e-5, 1e-4, 1e-3
 * Rates.upTo(1e-3)           // three groups: 1e-4, 1e-4, 1e-3
 * Rates.list(1e-5, 1e-4, 1e-3)
 * }</pre>
 */
public final class Rates {
    private enum Kind {
        SAME,
        RANGE,
        UP_TO,
        LIST
    }

    private final Kind kind;
    private final double[] values;

    private Rates(Kind kind, double... values) {
        if (values.length == 0 || !Arrays.stream(values).allMatch(v -> v > 0 && Double.isFinite(v))) {
            throw new IllegalArgumentException(
                    "learning rates must be positive and finite, received " + Arrays.toString(values) + ".");
        }
        this.kind = kind;
        this.values = values;
    }

    /** The same rate for all groups. */
    public static Rates of(double lr) {
        return new Rates(Kind.SAME, lr);
    }

    /** From {@code first} for the first group to {@code last} by equal factors; fastai's {@code slice(first, last)}. */
    public static Rates range(double first, double last) {
        return new Rates(Kind.RANGE, first, last);
    }

    /** {@code last} for the last group, a tenth for all others; fastai's {@code slice(last)}. */
    public static Rates upTo(double last) {
        return new Rates(Kind.UP_TO, last);
    }

    /** One rate a group, in order. */
    public static Rates list(double... rates) {
        return new Rates(Kind.LIST, rates.clone());
    }

    /**
     * The rates of {@code n} groups, in order.
     *
     * @throws IllegalArgumentException when this is a list of another length, or {@code n} is not positive
     */
    public double[] forGroups(int n) {
        if (n < 1 || (kind == Kind.LIST && n != values.length)) {
            throw new IllegalArgumentException("learning rates: " + values.length + " rates for " + n
                    + " parameter groups. Maybe give a range of two, or exactly one rate a group.");
        }
        double last = values[values.length - 1];
        double[] rates = new double[n];
        Arrays.setAll(rates, i -> switch (kind) {
            case SAME -> last;
            case LIST -> values[i];
            case UP_TO -> i == n - 1 ? last : last / 10;
            case RANGE -> n == 1 ? last : values[0] * Math.pow(last / values[0], (double) i / (n - 1));
        });
        return rates;
    }

    /** The rate of the last group, the largest of a usual choice. */
    public double last() {
        return values[values.length - 1];
    }

    /** These rates, all multiplied by {@code factor}. */
    public Rates times(double factor) {
        return new Rates(kind, Arrays.stream(values).map(v -> v * factor).toArray());
    }

    /** The kind and the numbers, such as {@code "RANGE[1.0E-5, 0.001]"}. */
    @Override
    public String toString() {
        return kind + Arrays.toString(values);
    }
}
