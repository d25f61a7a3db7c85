package espalier.vision.augment;

import espalier.rng.Rng;

/** Draws that use up the same random numbers whether a change happens or not, and checks of their ranges. */
final class Chance {
    private Chance() {}

    /** Uniform in {@code [from, to)} with probability {@code p}, {@code neutral} otherwise. */
    static double uniform(Rng rng, double p, double from, double to, double neutral) {
        double value = rng.uniform(from, to);
        return rng.bernoulli(p) ? value : neutral;
    }

    /** A factor as often above 1 as below: {@code exp(U(log(1 - max), -log(1 - max)))}. */
    static double factor(Rng rng, double p, double max) {
        double limit = -Math.log(1 - max);
        return Math.exp(uniform(rng, p, -limit, limit, 0));
    }

    static void probability(String name, double p) {
        between(name, p, 0, 1);
    }

    static void between(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    name + ": expected a number from " + min + " to " + max + ", received " + value);
        }
    }

    static void below(String name, double value, double min, double limit) {
        if (!(value >= min && value < limit)) {
            throw new IllegalArgumentException(name + ": expected a number from " + min + " and below " + limit
                    + ", received " + value + ". Maybe it was multiplied by too large a mult.");
        }
    }
}
