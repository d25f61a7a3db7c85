package espalier.train;

import espalier.optim.OneCycle;
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
 */
public record FineTune(int epochs, int freezeEpochs, double lr, double lrMult) {
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
        return new FineTune(epochs, 1, 2e-3, 100);
    }

    /** The same with another number of frozen epochs. */
    public FineTune freezeEpochs(int freezeEpochs) {
        return new FineTune(epochs, freezeEpochs, lr, lrMult);
    }

    /** The same with another base rate. */
    public FineTune lr(double lr) {
        return new FineTune(epochs, freezeEpochs, lr, lrMult);
    }

    List<Cycle> plan(int groups) {
        var frozen = OneCycle.standard().pctStart(0.99);
        var unfrozen = OneCycle.standard().pctStart(0.3).div(5);
        double half = lr / 2;
        return List.of(
                Plans.oneCycle(
                        "frozen", freezeEpochs, groups - 1, Rates.upTo(lr).forGroups(groups), frozen),
                Plans.oneCycle(
                        "unfrozen", epochs, 0, Rates.range(half / lrMult, half).forGroups(groups), unfrozen));
    }
}
