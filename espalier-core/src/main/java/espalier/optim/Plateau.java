package espalier.optim;

import java.util.Map;

/**
 * A constant rate that is multiplied by a factor when the validation loss has not fallen for more than some epochs:
 * PyTorch's {@code ReduceLROnPlateau} with its relative threshold. It starts anew with each cycle.
 *
 * @param patience how many epochs without a better loss are borne, 2
 * @param factor what the rate is multiplied by, 0.1
 * @param threshold by which share a loss must be lower to count as better, 1e-4
 * @param cooldown for how many epochs after a change none is counted, 0
 */
public record Plateau(int patience, double factor, double threshold, int cooldown) implements Policy {
    /** Checks the numbers. */
    public Plateau {
        if (patience < 0 || !(factor > 0 && factor < 1) || !(threshold >= 0 && threshold < 1) || cooldown < 0) {
            throw new IllegalArgumentException(
                    "the schedule plateau: expected a patience and a cooldown of 0 or more, a"
                            + " factor in (0, 1) and a threshold in [0, 1), received patience " + patience
                            + ", cooldown "
                            + cooldown + ", factor " + factor + ", threshold " + threshold + ".");
        }
    }

    static Plateau standard() {
        return new Plateau(2, 0.1, 1e-4, 0);
    }

    static Policy read(PolicyNumbers numbers) {
        return new Plateau(
                (int) numbers.number("patience", 2),
                numbers.number("factor", 0.1),
                numbers.number("threshold", 1e-4),
                (int) numbers.number("cooldown", 0));
    }

    /** Returns this policy with another {@link #patience}. */
    public Plateau patience(int epochs) {
        return new Plateau(epochs, factor, threshold, cooldown);
    }

    /** Returns this policy with another {@link #factor}. */
    public Plateau factor(double factor) {
        return new Plateau(patience, factor, threshold, cooldown);
    }

    /** Returns this policy with another {@link #cooldown}. */
    public Plateau cooldown(int epochs) {
        return new Plateau(patience, factor, threshold, epochs);
    }

    @Override
    public String name() {
        return "plateau";
    }

    @Override
    public Map<String, double[]> numbers() {
        return PolicyNumbers.map("patience", patience, "factor", factor, "threshold", threshold, "cooldown", cooldown);
    }

    @Override
    public Schedule lr(double max, int epochs) {
        return Schedules.constant(max);
    }

    @Override
    public double factor(double... validLosses) {
        double best = Double.POSITIVE_INFINITY;
        double all = 1;
        int bad = 0;
        int cooling = 0;
        for (double loss : validLosses) {
            boolean better = loss < best * (1 - threshold) || (Double.isInfinite(best) && loss < best);
            best = better ? loss : best;
            bad = better ? 0 : bad + 1;
            if (cooling > 0) {
                cooling--;
                bad = 0;
            }
            if (bad > patience) {
                all *= factor;
                cooling = cooldown;
                bad = 0;
            }
        }
        return all;
    }
}
