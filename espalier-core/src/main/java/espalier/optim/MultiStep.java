package espalier.optim;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * A rate that is multiplied by a factor after each of some epochs: PyTorch's {@code MultiStepLR}.
 *
 * @param at after how many epochs, rising; none: after a half and three quarters of the cycle's
 * @param factor what the rate is multiplied by, 0.1
 */
public record MultiStep(List<Double> at, double factor) implements Policy {
    /** Batches done over batches in all is rounded; so much is less than any batch. */
    static final double ROUNDING = 1e-9;

    /** Checks the numbers. */
    public MultiStep {
        at = List.copyOf(at);
        if (!at.stream().allMatch(epoch -> epoch >= 0) || !(factor > 0)) {
            throw new IllegalArgumentException(
                    "the schedule multi-step: expected epochs and a positive factor, received at " + at + ", factor "
                            + factor + ".");
        }
    }

    static MultiStep standard() {
        return new MultiStep(List.of(), 0.1);
    }

    static Policy read(PolicyNumbers numbers) {
        return standard().factor(numbers.number("factor", 0.1)).at(numbers.numbers("at"));
    }

    /** Returns this policy with steps after these epochs. */
    public MultiStep at(double... epochs) {
        return new MultiStep(Arrays.stream(epochs).boxed().toList(), factor);
    }

    /** Returns this policy with another {@link #factor}. */
    public MultiStep factor(double factor) {
        return new MultiStep(at, factor);
    }

    @Override
    public String name() {
        return "multi-step";
    }

    @Override
    public Map<String, double[]> numbers() {
        var factorAlone = PolicyNumbers.map("factor", factor);
        if (!at.isEmpty()) {
            factorAlone.put("at", at.stream().mapToDouble(Double::doubleValue).toArray());
        }
        return factorAlone;
    }

    @Override
    public Schedule lr(double max, int epochs) {
        double[] steps = at.isEmpty()
                ? new double[] {epochs / 2.0, epochs * 0.75}
                : at.stream().mapToDouble(Double::doubleValue).toArray();
        return progress -> max
                * Math.pow(
                        factor,
                        DoubleStream.of(steps)
                                .filter(step -> step <= progress * epochs + ROUNDING)
                                .count());
    }
}
