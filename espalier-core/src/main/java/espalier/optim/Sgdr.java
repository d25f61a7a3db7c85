package espalier.optim;

import java.util.Map;

/**
 * Gradient descent with warm restarts: cosines down to 0, each starting anew at the rate chosen and longer than the one
 * before by a factor. The cycle's epochs are divided among them.
 *
 * @param restarts how many cosines, 3
 * @param factor how much longer each is than the one before, 2
 * @paper Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts",
 *     <a href="https://arxiv.org/abs/1608.03983">arXiv:1608.03983</a>, equation 5
 */
public record Sgdr(int restarts, double factor) implements Policy {
    /** Checks the numbers. */
    public Sgdr {
        if (restarts < 1 || !(factor > 0)) {
            throw new IllegalArgumentException("the schedule sgdr: expected at least one cosine and a positive factor,"
                    + " received " + restarts + " and " + factor + ".");
        }
    }

    static Sgdr standard() {
        return new Sgdr(3, 2);
    }

    static Policy read(PolicyNumbers numbers) {
        return new Sgdr((int) numbers.number("restarts", 3), numbers.number("factor", 2));
    }

    /** Returns this policy with so many cosines. */
    public Sgdr restarts(int count) {
        return new Sgdr(count, factor);
    }

    /** Returns this policy with another {@link #factor}. */
    public Sgdr factor(double factor) {
        return new Sgdr(restarts, factor);
    }

    @Override
    public String name() {
        return "sgdr";
    }

    @Override
    public Map<String, double[]> numbers() {
        return PolicyNumbers.map("restarts", restarts, "factor", factor);
    }

    @Override
    public Schedule lr(double max, int epochs) {
        return Schedules.warmRestarts(max, restarts, factor);
    }
}
