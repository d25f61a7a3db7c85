package espalier.optim;

import java.util.Map;
import java.util.Optional;

/**
 * The one-cycle policy: the learning rate climbs from {@code max / div} to {@code max} and falls to
 * {@code max / divFinal}, both as cosines, while the momentum goes the other way.
 *
 * <p>The defaults are fastai's {@code fit_one_cycle}: {@code div} 25, {@code divFinal} 1e5, {@code pctStart} 0.25,
 * momentum 0.95 to 0.85 to 0.95.
 *
 * @param div how much smaller than the largest the first rate is
 * @param divFinal how much smaller than the largest the last rate is
 * @param pctStart the share of the fit in which the rate climbs, in {@code (0, 1)}
 * @param momentumStart the momentum at the first batch
 * @param momentumPeak the momentum where the rate is largest
 * @param momentumEnd the momentum at the end
 * @paper Smith and Topin 2018, "Super-Convergence", <a href="https://arxiv.org/abs/1708.07120">arXiv:1708.07120</a>;
 *     there the rate is linear, here it follows cosines as in fastai
 */
public record OneCycle(
        double div, double divFinal, double pctStart, double momentumStart, double momentumPeak, double momentumEnd)
        implements Policy {

    /** Checks the ranges. */
    public OneCycle {
        if (!(div > 0) || !(divFinal > 0) || !(pctStart > 0 && pctStart < 1)) {
            throw new IllegalArgumentException(
                    "one cycle: expected positive divisors and a pctStart in (0, 1), received" + " div " + div
                            + ", divFinal " + divFinal + ", pctStart " + pctStart + ".");
        }
    }

    /** fastai's defaults. */
    public static OneCycle standard() {
        return new OneCycle(25, 1e5, 0.25, 0.95, 0.85, 0.95);
    }

    /** The same with another {@link #div}. */
    public OneCycle div(double div) {
        return new OneCycle(div, divFinal, pctStart, momentumStart, momentumPeak, momentumEnd);
    }

    /** The same with another {@link #divFinal}. */
    public OneCycle divFinal(double divFinal) {
        return new OneCycle(div, divFinal, pctStart, momentumStart, momentumPeak, momentumEnd);
    }

    /** The same with another {@link #pctStart}. */
    public OneCycle pctStart(double pctStart) {
        return new OneCycle(div, divFinal, pctStart, momentumStart, momentumPeak, momentumEnd);
    }

    /** The same with other momenta. */
    public OneCycle momenta(double start, double peak, double end) {
        return new OneCycle(div, divFinal, pctStart, start, peak, end);
    }

    /** The learning rate of a group whose largest rate is {@code max}. */
    public Schedule lr(double max) {
        return Schedules.combinedCosine(pctStart, max / div, max, max / divFinal);
    }

    static Policy read(PolicyNumbers numbers) {
        var standard = standard();
        double[] momenta =
                numbers.numbers("momenta", standard.momentumStart, standard.momentumPeak, standard.momentumEnd);
        if (momenta.length != 3) {
            throw new IllegalArgumentException("one cycle: expected three momenta, such as momenta=0.95/0.85/0.95.");
        }
        return new OneCycle(
                numbers.number("div", standard.div),
                numbers.number("div_final", standard.divFinal),
                numbers.number("pct_start", standard.pctStart),
                momenta[0],
                momenta[1],
                momenta[2]);
    }

    @Override
    public String name() {
        return "one-cycle";
    }

    @Override
    public Map<String, double[]> numbers() {
        var numbers = PolicyNumbers.map("div", div, "div_final", divFinal, "pct_start", pctStart);
        numbers.put("momenta", new double[] {momentumStart, momentumPeak, momentumEnd});
        return numbers;
    }

    @Override
    public Schedule lr(double max, int epochs) {
        return lr(max);
    }

    @Override
    public Optional<Schedule> momentum(int epochs) {
        return Optional.of(momentum());
    }

    /** The momentum, the same for all groups. */
    public Schedule momentum() {
        return Schedules.combinedCosine(pctStart, momentumStart, momentumPeak, momentumEnd);
    }
}
