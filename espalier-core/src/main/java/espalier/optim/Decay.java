package espalier.optim;

import espalier.tensor.Tensor;

/** The two ways to decay weights. */
final class Decay {
    private Decay() {}

    /** Shrinks the parameter (decoupled), or adds the decay to the gradient; gives the gradient to go by. */
    static Tensor apply(UpdateRule.Slot slot, UpdateRule.Settings settings, boolean decoupled) {
        if (settings.weightDecay() == 0) {
            return slot.gradient();
        }
        if (decoupled) {
            slot.parameter().mul_(1 - settings.lr() * settings.weightDecay());
            return slot.gradient();
        }
        return slot.gradient().addScaled(slot.parameter(), settings.weightDecay());
    }
}
