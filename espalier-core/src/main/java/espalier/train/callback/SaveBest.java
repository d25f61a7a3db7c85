package espalier.train.callback;

import espalier.tensor.Tensor;
import espalier.train.Fit;
import espalier.train.StatefulCallback;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps, in memory and in checkpoints, the weights of the epoch in which a value was best, and puts them back when training
 * is over. When no epoch had the value, the weights stay the last ones.
 */
public final class SaveBest implements StatefulCallback {
    private static final String BEST = "best";
    private static final String EPOCH = "epoch";
    private static final String WEIGHTS = "weights.";

    private final Monitor monitor;
    private Optional<WeightCopy> weights = Optional.empty();
    private double best;
    private int epoch;

    private SaveBest(Monitor monitor) {
        this.monitor = monitor;
        this.best = monitor.direction().worst();
    }

    /** Keeps the weights where {@code monitor} is best. */
    public static SaveBest of(Monitor monitor) {
        return new SaveBest(monitor);
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    @Override
    public void beforeFit(Fit fit) {
        best = monitor.direction().worst();
        forget();
    }

    @Override
    public void afterEpoch(Fit fit) {
        var value = monitor.value(fit.history().last());
        if (value.isPresent() && monitor.direction().better(value.getAsDouble(), best, 0)) {
            best = value.getAsDouble();
            epoch = fit.history().epochs().size() - 1;
            forget();
            weights = Optional.of(WeightCopy.of(fit.learner().model()));
        }
    }

    @Override
    public void afterFit(Fit fit) {
        weights.ifPresent(kept -> {
            kept.copyInto(fit.learner().model());
            fit.history().keep(fit.history().epochs().get(epoch));
        });
        forget();
    }

    @Override
    public String stateName() {
        return "save_best";
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        weights.ifPresent(kept -> {
            state.put(BEST, Tensor.of(new double[] {best}));
            state.put(EPOCH, Tensor.of(new long[] {epoch}));
            state.putAll(kept.state(WEIGHTS));
        });
        return state;
    }

    @Override
    public void loadState(Fit fit, Map<String, Tensor> state) {
        best = Objects.requireNonNull(state.get(BEST)).item();
        epoch = (int) Objects.requireNonNull(state.get(EPOCH)).item();
        weights = Optional.of(WeightCopy.of(state, WEIGHTS));
    }

    private void forget() {
        weights.ifPresent(WeightCopy::close);
        weights = Optional.empty();
    }
}
