package espalier.optim;

import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Parameters that are trained alike: one learning rate, momentum and weight decay, frozen together. Models are
 * split into a few groups from input to output; schedules move the numbers at every batch.
 *
 * <p>Weight decay can be switched off for single parameters of a group: fastai decays neither biases nor the
 * parameters of norms.
 */
public final class ParameterGroup {
    private final List<Tensor> parameters;
    private final List<Boolean> decayed;
    private double lr = 1e-3;
    private OptionalDouble momentum = OptionalDouble.empty();
    private OptionalDouble weightDecay = OptionalDouble.empty();
    private boolean frozen;

    private ParameterGroup(List<Tensor> parameters, List<Boolean> decayed) {
        this.parameters = parameters;
        this.decayed = decayed;
    }

    /** A group of parameters that all decay. Learning rate 1e-3; momentum and weight decay are the optimiser's. */
    public static ParameterGroup of(List<Tensor> parameters) {
        return new ParameterGroup(
                List.copyOf(parameters), parameters.stream().map(p -> true).toList());
    }

    /** The same group with further parameters, to which weight decay does not apply. */
    public ParameterGroup withoutDecay(List<Tensor> more) {
        var all = new ArrayList<>(parameters);
        all.addAll(more);
        var flags = new ArrayList<>(decayed);
        more.forEach(p -> flags.add(false));
        return new ParameterGroup(List.copyOf(all), List.copyOf(flags)).like(this);
    }

    private ParameterGroup like(ParameterGroup other) {
        lr = other.lr;
        momentum = other.momentum;
        weightDecay = other.weightDecay;
        frozen = other.frozen;
        return this;
    }

    /** All parameters, in a fixed order. */
    public List<Tensor> parameters() {
        return parameters;
    }

    /** True when weight decay applies to the parameter at this place. */
    public boolean decays(int index) {
        return decayed.get(index);
    }

    /** The learning rate. */
    public double lr() {
        return lr;
    }

    /** Changes the learning rate, which may be 0; returns this group. */
    public ParameterGroup lr(double lr) {
        this.lr = checked("lr", lr);
        return this;
    }

    /** The momentum: the first beta of the Adam family, the momentum of SGD. 0 until an optimiser is made. */
    public double momentum() {
        return momentum.orElse(0);
    }

    /** Changes the momentum; returns this group. */
    public ParameterGroup momentum(double momentum) {
        this.momentum = OptionalDouble.of(checked("momentum", momentum));
        return this;
    }

    /** The weight decay of the parameters that decay. 0 until an optimiser is made. */
    public double weightDecay() {
        return weightDecay.orElse(0);
    }

    /** Changes the weight decay; returns this group. */
    public ParameterGroup weightDecay(double weightDecay) {
        this.weightDecay = OptionalDouble.of(checked("weight decay", weightDecay));
        return this;
    }

    /** True when an optimiser's step leaves this group alone. */
    public boolean frozen() {
        return frozen;
    }

    /** Freezes or thaws the group; returns this group. Whether its parameters get gradients is not changed. */
    public ParameterGroup frozen(boolean frozen) {
        this.frozen = frozen;
        return this;
    }

    /** Takes over an optimiser's defaults where nothing was chosen. */
    void complete(double defaultMomentum, double defaultWeightDecay) {
        momentum = OptionalDouble.of(momentum.orElse(defaultMomentum));
        weightDecay = OptionalDouble.of(weightDecay.orElse(defaultWeightDecay));
    }

    private static double checked(String what, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " must be finite and not negative, received " + value + ".");
        }
        return value;
    }
}
