package espalier.app;

import espalier.report.Progress;
import espalier.train.LrFinder;
import java.util.Map;

/**
 * The job of finding a learning rate for a network of texts: that of {@code espalier lr-find text}.
 *
 * @param training the training that the rate is for, of a network
 */
public record FindTextLr(TrainText training) {
    /** With fewer texts the curve says nothing. */
    private static final int LEAST_TEXTS = 100;

    public FindTextLr {
        if (!(training.trainer() instanceof NeuralTexts)) {
            throw new IllegalArgumentException("the model " + training.trainer().model()
                    + " has no learning rate. Maybe a network was meant, such as lstm.");
        }
    }

    /**
     * Searches; nothing is written.
     *
     * @throws espalier.report.DataException when there is nothing to train on
     */
    public FindLr.Result run(Progress progress) {
        long start = System.nanoTime();
        var rows = training.data().read();
        var parts = training.split(rows);
        var network = (NeuralTexts) training.trainer();
        try (var learner = network.prepare(parts, training.seed()).learner()) {
            var found = learner.lrFind(progress);
            var curve = parts.train().size() < LEAST_TEXTS
                    ? new LrFinder.Result(found.lrs(), found.losses(), Map.of())
                    : found;
            return new FindLr.Result(curve, (System.nanoTime() - start) / 1e9, rows.rejected());
        }
    }
}
