package espalier.train.callback;

import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Callback;
import espalier.train.Fit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps, in memory, the weights of the epoch in which a value was best, and puts them back when training is over.
 * When no epoch had the value, the weights stay the last ones.
 *
 * <p>Weights of earlier epochs are in no checkpoint: after a resumption the best epoch is that of the resumed part.
 */
public final class SaveBest implements Callback {
    private final Monitor monitor;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private double best;

    private SaveBest(Monitor monitor) {
        this.monitor = monitor;
        this.best = monitor.worst();
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
        best = monitor.worst();
        forget();
    }

    @Override
    public void afterEpoch(Fit fit) {
        var value = monitor.value(fit.history().last());
        if (value.isPresent() && monitor.better(value.getAsDouble(), best, 0)) {
            best = value.getAsDouble();
            forget();
            try (var scope = Scope.open()) {
                fit.learner()
                        .model()
                        .stateDict()
                        .forEach((name, tensor) ->
                                weights.put(name, scope.keep(tensor.detach().copy())));
            }
        }
    }

    @Override
    public void afterFit(Fit fit) {
        if (!weights.isEmpty()) {
            fit.learner().model().loadStateDict(weights);
            forget();
        }
    }

    private void forget() {
        weights.values().forEach(Tensor::close);
        weights.clear();
    }
}
