package espalier.optim;

import java.util.Map;

/**
 * The same rate for a share of the cycle, then cosine down: fastai's {@code fit_flat_cos}.
 *
 * @param share the part of the cycle before the rate falls, in (0, 1): 0.75
 * @param divFinal how much smaller than the first the last rate is, 1e5
 */
public record FlatCosine(double share, double divFinal) implements Policy {
    /** Checks the numbers. */
    public FlatCosine {
        if (!(share > 0 && share < 1) || !(divFinal >= 1)) {
            throw new IllegalArgumentException(
                    "the schedule flat-cosine: expected a share in (0, 1) and a div_final of 1" + " or more, received "
                            + share + " and " + divFinal + ".");
        }
    }

    static FlatCosine standard() {
        return new FlatCosine(0.75, 1e5);
    }

    static Policy read(PolicyNumbers numbers) {
        return new FlatCosine(numbers.number("share", 0.75), numbers.number("div_final", 1e5));
    }

    /** Returns this policy with another {@link #share}. */
    public FlatCosine share(double share) {
        return new FlatCosine(share, divFinal);
    }

    @Override
    public String name() {
        return "flat-cosine";
    }

    @Override
    public Map<String, double[]> numbers() {
        return PolicyNumbers.map("share", share, "div_final", divFinal);
    }

    @Override
    public Schedule lr(double max, int epochs) {
        return Schedules.flatCosine(max, share, divFinal);
    }
}
