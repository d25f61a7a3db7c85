package espalier.train;

import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log how a training goes: a line for each epoch, and within a long epoch one every ten seconds. Every training has
 * it; who wants silence sets the logger {@code espalier.train} to {@code WARN}.
 */
final class ProgressLog implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger("espalier.train");
    private static final long PERIOD = 10_000_000_000L;

    private final LongSupplier clock;
    private long last;

    /** @param clock nanoseconds, as of {@link System#nanoTime} */
    ProgressLog(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    @Override
    public void beforeEpoch(Fit fit) {
        last = clock.getAsLong();
    }

    @Override
    public void afterBatch(Fit fit, Step step) {
        long now = clock.getAsLong();
        if (now - last >= PERIOD && LOG.isInfoEnabled()) {
            last = now;
            LOG.info(
                    "epoch {} of {}: {} of {} batches, loss {}",
                    fit.epochsBefore() + 1,
                    fit.epochs(),
                    fit.position().batch(),
                    fit.learner().loaders().train().batches(),
                    String.format(Locale.ROOT, "%.4f", fit.trainLoss()));
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        fit.history().last().ifPresent(epoch -> LOG.info("{}", epoch));
    }
}
