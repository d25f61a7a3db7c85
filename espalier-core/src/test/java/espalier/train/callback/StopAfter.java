package espalier.train.callback;

import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;

/** Stops training after so many batches. */
final class StopAfter implements Callback {
    private final int batches;
    private int done;

    StopAfter(int batches) {
        this.batches = batches;
    }

    @Override
    public void afterBatch(Fit fit, Step step) {
        if (++done == batches) {
            fit.stop("enough");
        }
    }
}
