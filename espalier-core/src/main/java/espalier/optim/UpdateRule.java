package espalier.optim;

import espalier.tensor.Tensor;
import java.util.List;

/**
 * How an optimiser moves a parameter: the one thing in which optimisers differ. Called with recording off and
 * within a scope, so everything in it may be written with tensors that nobody frees.
 */
public interface UpdateRule extends AutoCloseable {
    /** The names of the tensors that are kept for each parameter, PyTorch's words, such as {@code "exp_avg"}. */
    List<String> stateNames();

    /** Moves one parameter in place and brings its state up to date. */
    void update(Slot slot, Settings settings);

    /** Moves many parameters that have the same settings and number of steps. */
    default void updateAll(List<Slot> slots, Settings settings) {
        slots.forEach(slot -> update(slot, settings));
    }

    /** Frees what the rule itself holds, not the slots' state. */
    @Override
    default void close() {}

    /**
     * The numbers of one step.
     *
     * @param lr the learning rate
     * @param momentum the group's momentum
     * @param weightDecay the weight decay, 0 for parameters that do not decay
     * @param step the number of this step of these parameters, from 1
     */
    record Settings(double lr, double momentum, double weightDecay, long step) {}

    /** A parameter with its gradient and its state. */
    interface Slot {
        /** The parameter, to be changed in place. */
        Tensor parameter();

        /** The gradient of this step. */
        Tensor gradient();

        /** The state tensor of a name of {@link UpdateRule#stateNames}: of the parameter's shape, 0 before the first step. */
        Tensor state(String name);
    }
}
