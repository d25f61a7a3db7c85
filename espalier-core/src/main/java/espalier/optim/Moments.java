package espalier.optim;

import espalier.tensor.Tensor;

/** The running averages of Adam's family after a step, and how far their start at 0 still weighs on them. */
record Moments(Tensor average, Tensor square, double debias1, double debias2) {

    static Moments of(UpdateRule.Slot slot, UpdateRule.Settings settings, double beta2, boolean decoupled) {
        var gradient = Decay.apply(slot, settings, decoupled);
        var average = slot.state("exp_avg").lerp_(gradient, 1 - settings.momentum());
        var square = slot.state("exp_avg_sq").mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        return new Moments(
                average,
                square,
                1 - Math.pow(settings.momentum(), settings.step()),
                1 - Math.pow(beta2, settings.step()));
    }

    /** {@code sqrt(square / debias2) + eps}. */
    Tensor root(double eps) {
        return square.div(debias2).sqrt_().add_(eps);
    }
}
