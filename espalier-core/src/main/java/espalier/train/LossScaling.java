package espalier.train;

import espalier.optim.GradScaler;
import espalier.tensor.Tensor;
import java.util.Map;

/** Scales the loss where the learner computes in float16, and leaves out steps whose gradients overflowed. */
final class LossScaling implements StatefulCallback {
    private GradScaler.Options options = GradScaler.Options.standard();
    private GradScaler scaler = GradScaler.of(options);
    private boolean active;

    void options(GradScaler.Options chosen) {
        options = chosen;
    }

    GradScaler.Options options() {
        return options;
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public void beforeFit(Fit fit) {
        scaler = GradScaler.of(options);
        active = fit.learner().precision() == Precision.FLOAT16;
    }

    @Override
    public void afterLoss(Fit fit, Step step) {
        if (active) {
            step.lossScale(scaler.scale());
        }
    }

    @Override
    public void beforeStep(Fit fit, Step step) {
        if (active) {
            if (!scaler.unscale(fit.learner().optimizer())) {
                step.skip();
            }
            scaler.update();
        }
    }

    @Override
    public String stateName() {
        return "scaler";
    }

    @Override
    public Map<String, Tensor> state() {
        return active ? scaler.state() : Map.of();
    }

    @Override
    public void loadState(Fit fit, Map<String, Tensor> state) {
        scaler.loadState(state);
    }
}
