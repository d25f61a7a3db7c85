package espalier.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Some epochs in which the rate climbs by equal steps to the first one of another policy, which has the rest of the cycle:
 * PyTorch's {@code SequentialLR} of a {@code LinearLR} and another.
 *
 * @param after what follows
 * @param epochs how long the rate climbs, perhaps a part of an epoch
 * @param start the share of the rate that it begins with, 0.01
 * @paper Goyal et al. 2017, "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour",
 *     <a href="https://arxiv.org/abs/1706.02677">arXiv:1706.02677</a>, section 2.2
 */
public record WarmUp(Policy after, double epochs, double start) implements Policy {
    static final String EPOCHS = "warmup";
    static final String START = "warmup_start";
    static final double STANDARD_START = 0.01;

    /** Checks the numbers. */
    public WarmUp {
        if (!(epochs > 0) || !(start >= 0 && start <= 1)) {
            throw new IllegalArgumentException(
                    "a warm-up needs epochs and a start of 0 to 1, received " + epochs + " and " + start + ".");
        }
    }

    static WarmUp of(Policy after, double epochs) {
        return new WarmUp(after, epochs, STANDARD_START);
    }

    @Override
    public String name() {
        return after.name();
    }

    @Override
    public Map<String, double[]> numbers() {
        var all = new LinkedHashMap<>(after.numbers());
        all.put(EPOCHS, new double[] {epochs});
        all.put(START, new double[] {start});
        return all;
    }

    @Override
    public Schedule lr(double max, int all) {
        if (epochs >= all) {
            return Schedules.linear(
                    start * after.lr(max, all).at(0), after.lr(max, all).at(0));
        }
        var rest = after.lr(max, Math.max(1, (int) Math.round(all - epochs)));
        double first = rest.at(0);
        return Schedules.combined(shares(all), Schedules.linear(start * first, first), rest);
    }

    @Override
    public Optional<Schedule> momentum(int all) {
        if (epochs >= all) {
            return after.momentum(all).map(momentum -> Schedules.constant(momentum.at(0)));
        }
        return after.momentum(all).map(rest -> Schedules.combined(shares(all), Schedules.constant(rest.at(0)), rest));
    }

    private double[] shares(int all) {
        return new double[] {epochs / all, 1 - epochs / all};
    }

    @Override
    public double factor(double... validLosses) {
        return after.factor(validLosses);
    }
}
