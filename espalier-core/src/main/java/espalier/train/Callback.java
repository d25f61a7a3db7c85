package espalier.train;

import espalier.data.Batch;

/**
 * What happens beside the training loop: every method is called at the moment that it is named after. Callbacks
 * steer by {@link Step#skip} and {@link Fit#stop}, never by exceptions.
 *
 * <pre>{@code
 * learner.callback(new Callback() {
 *     public void afterEpoch(Fit fit) {
 *         System.out.println(fit.history().last());
 *     }
 * });
 * }</pre>
 */
public interface Callback {
    /** When a callback's turn is among the others at the same moment. */
    enum Phase {
        /** What changes numbers the others read. */
        PREPARE,
        /** What decides whether to go on. */
        GUARD,
        /** What the user writes. */
        USER,
        /** What saves and tells. */
        REPORT
    }

    /** This callback's turn; callbacks of the same phase are called in the order of entering. */
    default Phase phase() {
        return Phase.USER;
    }

    /** Whether this puts other inputs in the place of a batch's, so that nothing can be computed of the items beforehand. */
    default boolean changesInputs() {
        return false;
    }

    /** Before anything. One that throws here has not begun: it gets no {@link #afterFit}. */
    default void beforeFit(Fit fit) {}

    /** Before the epoch's training batches. */
    default void beforeEpoch(Fit fit) {}

    /** Before a training batch goes through the model; the time to put another in its place, by {@link Step#batch(Batch)}. */
    default void beforeBatch(Fit fit, Step step) {}

    /** After the loss of a training batch is known, before gradients are computed. */
    default void afterLoss(Fit fit, Step step) {}

    /** After gradients are computed, before the optimiser moves the parameters. */
    default void beforeStep(Fit fit, Step step) {}

    /** After the optimiser has moved the parameters. */
    default void afterStep(Fit fit, Step step) {}

    /** After a training batch, whether or not it was skipped. */
    default void afterBatch(Fit fit, Step step) {}

    /** After the training batches, before validation. */
    default void beforeValidate(Fit fit) {}

    /** After validation; the epoch's result is the last of the history. */
    default void afterEpoch(Fit fit) {}

    /** After everything, also when training was stopped or failed. */
    default void afterFit(Fit fit) {}
}
