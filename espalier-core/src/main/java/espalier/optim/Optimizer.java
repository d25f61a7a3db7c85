package espalier.optim;

import espalier.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Something that moves parameters against their gradients. Made by a factory of {@link Optimizers} for a list of
 * {@link ParameterGroup}s, whose learning rate, momentum and weight decay it reads anew at every step.
 *
 * <p>Its state outlives every scope; {@link #close} frees it. Not thread-safe.
 */
public interface Optimizer extends AutoCloseable {
    /** The name in the catalogue, such as {@code "adam"}. */
    String name();

    /** The groups, from input to output. */
    List<ParameterGroup> groups();

    /** Moves every parameter that has a gradient and whose group is not frozen. */
    void step();

    /** Forgets all gradients. */
    default void zeroGrad() {
        groups().forEach(group -> group.parameters().forEach(Tensor::clearGrad));
    }

    /** Forgets what earlier steps left behind, as if no step had been made. */
    void clearState();

    /**
     * What a checkpoint needs, by {@code "GROUP.PARAMETER.NAME"}, such as {@code "0.3.exp_avg"}; the number of steps
     * of each parameter is the int64 scalar {@code step}. The tensors are the live ones: copy what must not change.
     */
    Map<String, Tensor> state();

    /**
     * Takes over a copy of a {@link #state}, instead of the present one.
     *
     * @throws IllegalArgumentException when a name or shape does not belong to these groups; nothing is changed then
     */
    void loadState(Map<String, Tensor> state);

    /** Frees the state. The parameters live on. */
    @Override
    void close();
}
