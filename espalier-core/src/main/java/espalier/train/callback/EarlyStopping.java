package espalier.train.callback;

import espalier.train.Callback;
import espalier.train.EpochResult;
import espalier.train.Fit;
import java.util.Optional;

/**
 * Stops training when a value has not become better for some epochs. Under a one-cycle schedule this ends before the
 * rate has fallen; it is meant for constant rates. After a resumption the epochs before it count too.
 */
public final class EarlyStopping implements Callback {
    private final Monitor monitor;
    private final int patience;
    private final double minDelta;
    private double best;
    private int waited;

    private EarlyStopping(Monitor monitor, int patience, double minDelta) {
        this.monitor = monitor;
        this.patience = patience;
        this.minDelta = minDelta;
        this.best = monitor.direction().worst();
    }

    /** Stops when {@code monitor} has not become better for {@code patience} epochs. */
    public static EarlyStopping of(Monitor monitor, int patience) {
        return new EarlyStopping(monitor, patience, 0);
    }

    /** The same where only changes of more than {@code minDelta} count. */
    public EarlyStopping minDelta(double minDelta) {
        return new EarlyStopping(monitor, patience, minDelta);
    }

    @Override
    public Phase phase() {
        return Phase.GUARD;
    }

    @Override
    public void beforeFit(Fit fit) {
        best = monitor.direction().worst();
        waited = 0;
        fit.history().epochs().forEach(epoch -> look(fit, epoch));
    }

    @Override
    public void afterEpoch(Fit fit) {
        fit.history().last().ifPresent(epoch -> look(fit, epoch));
    }

    private void look(Fit fit, EpochResult epoch) {
        var value = monitor.value(Optional.of(epoch));
        if (value.isPresent() && monitor.direction().better(value.getAsDouble(), best, minDelta)) {
            best = value.getAsDouble();
            waited = 0;
        } else if (++waited >= patience) {
            fit.stop(monitor.name() + " has not become better than " + best + " for " + waited + " epochs");
        }
    }
}
