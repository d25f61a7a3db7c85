package espalier.optim;

import java.util.Locale;
import java.util.Map;

/**
 * A rate that falls from the chosen one to a share of it along a curve, or stays.
 *
 * @param kind the curve
 * @param end the share of the rate that is left at the end: 0, for exponential 0.01; of no meaning for constant
 * @param power of the polynomial {@code (1 - progress)^power}, 2; of no meaning for the others
 */
public record Falling(Kind kind, double end, double power) implements Policy {

    /** The curves. */
    public enum Kind {
        /** No curve: the rate stays. */
        CONSTANT,
        /** Half a cosine wave; PyTorch's {@code CosineAnnealingLR}. */
        COSINE,
        /** Equal factors; PyTorch's {@code ExponentialLR}, at each batch. */
        EXPONENTIAL,
        /** Equal steps; PyTorch's {@code LinearLR}. */
        LINEAR,
        /** A power of what is left; PyTorch's {@code PolynomialLR}. */
        POLYNOMIAL
    }

    /** Checks the numbers. */
    public Falling {
        if (!(end >= 0 && end <= 1) || !(power > 0) || (kind == Kind.EXPONENTIAL && end == 0)) {
            throw new IllegalArgumentException("the schedule " + name(kind)
                    + ": expected an end of 0 to 1 (above 0 for exponential) and a positive power, received end " + end
                    + ", power " + power + ".");
        }
    }

    static Falling of(Kind kind) {
        return new Falling(kind, kind == Kind.EXPONENTIAL ? 0.01 : 0, 2);
    }

    static Policy read(PolicyNumbers numbers) {
        var standard = of(Kind.valueOf(numbers.name().toUpperCase(Locale.ROOT)));
        if (standard.kind == Kind.CONSTANT) {
            return standard;
        }
        double end = numbers.number("end", standard.end);
        return new Falling(
                standard.kind, end, standard.kind == Kind.POLYNOMIAL ? numbers.number("power", standard.power) : 2);
    }

    /** Returns this policy with another {@link #end}. */
    public Falling end(double end) {
        return new Falling(kind, end, power);
    }

    /** Returns this policy with another {@link #power}. */
    public Falling power(double power) {
        return new Falling(kind, end, power);
    }

    @Override
    public String name() {
        return name(kind);
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Map<String, double[]> numbers() {
        return switch (kind) {
            case CONSTANT -> Map.of();
            case POLYNOMIAL -> PolicyNumbers.map("end", end, "power", power);
            default -> PolicyNumbers.map("end", end);
        };
    }

    @Override
    public Schedule lr(double max, int epochs) {
        double least = end * max;
        return switch (kind) {
            case CONSTANT -> Schedules.constant(max);
            case COSINE -> Schedules.cosine(max, least);
            case EXPONENTIAL -> Schedules.exponential(max, least);
            case LINEAR -> Schedules.linear(max, least);
            case POLYNOMIAL -> {
                var left = Schedules.polynomial(least, max, power);
                yield progress -> left.at(1 - progress);
            }
        };
    }
}
