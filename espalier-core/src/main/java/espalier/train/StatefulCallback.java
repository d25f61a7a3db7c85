package espalier.train;

import espalier.tensor.Tensor;
import java.util.Map;

/**
 * A callback whose state is part of checkpoints, so that a run that was interrupted and resumed ends as one that was not.
 * What follows from seed, position and history alone needs no state: {@link #beforeFit} computes it anew.
 */
public interface StatefulCallback extends Callback {
    /** The name of the state in a checkpoint, without a dot; no two callbacks of a learner have the same. */
    String stateName();

    /** What a checkpoint needs, by name. The tensors may be the live ones: they are copied. */
    Map<String, Tensor> state();

    /**
     * Takes over a copy of a {@link #state}, after {@link #beforeFit}; the tensors are freed afterwards.
     *
     * @param fit the run that is resumed, whose model has the weights of the checkpoint
     */
    void loadState(Fit fit, Map<String, Tensor> state);
}
