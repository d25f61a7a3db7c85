package espalier.train.callback;

import espalier.item.Item;
import espalier.nn.Finite;
import espalier.train.Callback;
import espalier.train.EpochResult;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Stops training when a loss is not finite, before the parameters are touched: they stay those of the last good
 * step. The reason names the files of the batch. After each epoch it also looks at the validation loss and at every
 * weight, so that a model which broke in its last step does not pass for trained.
 */
public final class NanGuard implements Callback {
    private static final String HINT = ". Maybe the learning rate is too large: try a tenth of it, or `lr-find`.";

    private Optional<String> reason = Optional.empty();

    /** Why the last training was stopped by this guard; empty when it was not. */
    public Optional<String> reason() {
        return reason;
    }

    @Override
    public void beforeFit(Fit fit) {
        reason = Optional.empty();
    }

    private void stop(Fit fit, String why) {
        reason = Optional.of(why);
        fit.stop(why);
    }

    @Override
    public Phase phase() {
        return Phase.GUARD;
    }

    @Override
    public void afterLoss(Fit fit, Step step) {
        if (!Double.isFinite(step.loss())) {
            step.skip();
            stop(
                    fit,
                    "the loss is " + step.loss() + " at batch "
                            + fit.position().batch() + " of epoch "
                            + (fit.epochsBefore() + 1) + " (" + fit.cycle().name() + "), files: "
                            + step.batch().items().stream()
                                    .limit(8)
                                    .map(Item::id)
                                    .collect(Collectors.joining(", "))
                            + (step.batch().size() > 8 ? ", ..." : "")
                            + HINT);
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        var last = fit.history().last();
        var validLoss = last.flatMap(NanGuard::brokenLoss);
        var broken = validLoss.or(
                () -> Finite.firstBroken(fit.learner().model()).map(name -> name + " holds NaN or infinity"));
        broken.ifPresent(what -> stop(
                fit,
                what + " after epoch " + last.map(EpochResult::epoch).orElse(0) + " ("
                        + last.map(EpochResult::cycle).orElse("") + ")" + HINT));
    }

    private static Optional<String> brokenLoss(EpochResult epoch) {
        return epoch.validLoss().isPresent()
                        && !Double.isFinite(epoch.validLoss().getAsDouble())
                ? Optional.of("the validation loss is " + epoch.validLoss().getAsDouble())
                : Optional.empty();
    }
}
