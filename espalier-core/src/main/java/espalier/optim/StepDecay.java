package espalier.optim;

import java.util.Map;

/**
 * A rate that is multiplied by a factor after every so many epochs: PyTorch's {@code StepLR}.
 *
 * @param every how many epochs a step lasts; 0: a third of the cycle's
 * @param factor what the rate is multiplied by, 0.1
 */
public record StepDecay(double every, double factor) implements Policy {
    /** Checks the numbers. */
    public StepDecay {
        if (!(every >= 0) || !(factor > 0)) {
            throw new IllegalArgumentException(
                    "the schedule step: expected epochs and a positive factor, received every " + every + ", factor "
                            + factor + ".");
        }
    }

    static StepDecay standard() {
        return new StepDecay(0, 0.1);
    }

    static Policy read(PolicyNumbers numbers) {
        return new StepDecay(numbers.number("every", 0), numbers.number("factor", 0.1));
    }

    /** Returns this policy with steps of so many epochs. */
    public StepDecay every(double epochs) {
        return new StepDecay(epochs, factor);
    }

    /** Returns this policy with another {@link #factor}. */
    public StepDecay factor(double factor) {
        return new StepDecay(every, factor);
    }

    @Override
    public String name() {
        return "step";
    }

    @Override
    public Map<String, double[]> numbers() {
        return PolicyNumbers.map("every", every, "factor", factor);
    }

    @Override
    public Schedule lr(double max, int epochs) {
        double length = every == 0 ? epochs / 3.0 : every;
        return progress -> max * Math.pow(factor, Math.floor(progress * epochs / length + MultiStep.ROUNDING));
    }
}
