package espalier.train.callback;

import espalier.data.Item;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.stream.Collectors;

/**
 * Stops training when a loss is not finite, before the parameters are touched: they stay those of the last good
 * step. The reason names the files of the batch.
 */
public final class NanGuard implements Callback {
    @Override
    public Phase phase() {
        return Phase.GUARD;
    }

    @Override
    public void afterLoss(Fit fit, Step step) {
        if (!Double.isFinite(step.loss())) {
            step.skip();
            fit.stop("the loss is " + step.loss() + " at batch "
                    + fit.position().batch() + " of epoch "
                    + fit.position().epoch() + " (" + fit.cycle().name() + "), files: "
                    + step.batch().items().stream().limit(8).map(Item::id).collect(Collectors.joining(", "))
                    + (step.batch().size() > 8 ? ", ..." : "")
                    + ". Maybe the learning rate is too large: try a tenth of it, or `lr-find`.");
        }
    }
}
