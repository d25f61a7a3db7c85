package espalier.train.callback;

import espalier.tensor.Tensor;
import espalier.train.Fit;
import espalier.train.StatefulCallback;
import espalier.train.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one step of the mean gradient of several batches: large batches where memory holds only small ones. An epoch's
 * last step has the batches that are left. Clipping, averaging and the like see the whole step.
 *
 * <p>Batch norms still normalise by the small batches.
 */
public final class GradientAccumulation implements StatefulCallback {
    private final int batches;
    private Optional<Fit> running = Optional.empty();
    private boolean held;

    private GradientAccumulation(int batches) {
        this.batches = batches;
    }

    /** Steps of so many batches. */
    public static GradientAccumulation of(int batches) {
        if (batches < 1) {
            throw new IllegalArgumentException("a step needs at least 1 batch, received " + batches + ".");
        }
        return new GradientAccumulation(batches);
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public void beforeFit(Fit fit) {
        running = Optional.of(fit);
        held = false;
    }

    @Override
    public void beforeEpoch(Fit fit) {
        held &= fit.position().batch() > 0;
    }

    @Override
    public void afterLoss(Fit fit, Step step) {
        int batch = fit.position().batch();
        int first = batch / batches * batches;
        int size = Math.min(batches, fit.learner().loaders().train().batches() - first);
        held = batch < first + size - 1;
        step.accumulate(1.0 / size, held);
    }

    @Override
    public void afterFit(Fit fit) {
        running = Optional.empty();
    }

    @Override
    public String stateName() {
        return "accumulation";
    }

    /** The gradients of a step that is not complete. */
    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        if (held) {
            running.ifPresent(fit -> fit.learner()
                    .model()
                    .parameters()
                    .forEach((name, parameter) -> parameter.grad().ifPresent(gradient -> state.put(name, gradient))));
        }
        return state;
    }

    @Override
    public void loadState(Fit fit, Map<String, Tensor> state) {
        held = true;
        fit.learner().model().parameters().forEach((name, parameter) -> {
            if (state.containsKey(name)) {
                parameter.setGrad(state.get(name).copy());
            }
        });
    }
}
