package espalier.train;

import espalier.optim.OneCycle;
import espalier.optim.Policy;
import espalier.optim.Rates;
import java.util.List;

/**
 * The options of transfer learning, with fastai's {@code fine_tune} defaults: the last group alone for
 * {@code freezeEpochs} at {@code lr}, then all groups for {@code epochs} at half of it, the first groups at
 * a hundredth of the last.
 *
 * @param epochs epochs with all groups trained
 * @param freezeEpochs epochs with only the last group trained, before
 * @param lr the base rate, 2e-3
 * @param lrMult how many times smaller the first group's rate is than the last's, 100
 * @param frozen how the rate moves while the first groups are frozen: one cycle that climbs nearly to its end
 * @param unfrozen how it moves afterwards: one cycle that begins with a fifth and climbs for three tenths
 */
public record FineTune(int epochs, int freezeEpochs, double lr, double lrMult, Policy frozen, Policy unfrozen) {
    /** Checks the numbers. */
    public FineTune {
        if (epochs < 0 || freezeEpochs < 0 || !(lr > 0) || !(lrMult > 0)) {
            throw new IllegalArgumentException(
                    "fine-tuning needs epochs of 0 or more and positive rates, received epochs " + epochs
                            + ", freezeEpochs " + freezeEpochs + ", lr " + lr + ", lrMult " + lrMult);
        }
    }

    /** fastai's defaults for the given number of epochs. */
    public static FineTune of(int epochs) {
        return new FineTune(
                epochs,
                1,
                2e-3,
                100,
                OneCycle.standard().pctStart(0.99),
                OneCycle.standard().pctStart(0.3).div(5));
    }

    /** The same with another number of frozen epochs. */
    public FineTune freezeEpochs(int freezeEpochs) {
        return new FineTune(epochs, freezeEpochs, lr, lrMult, frozen, unfrozen);
    }

    /** The same with another base rate. */
    public FineTune lr(double lr) {
        return new FineTune(epochs, freezeEpochs, lr, lrMult, frozen, unfrozen);
    }

    /** Returns the same with other movements of the rate, one for each stage. */
    public FineTune policies(Policy frozen, Policy unfrozen) {
        return new FineTune(epochs, freezeEpochs, lr, lrMult, frozen, unfrozen);
    }

    List<Cycle> plan(int groups) {
        double half = lr / 2;
        return List.of(
                Cycle.of("frozen", freezeEpochs, groups - 1, Rates.upTo(lr).forGroups(groups), frozen),
                Cycle.of("unfrozen", epochs, 0, Rates.range(half / lrMult, half).forGroups(groups), unfrozen));
    }
}
