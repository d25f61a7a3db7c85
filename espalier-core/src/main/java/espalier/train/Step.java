package espalier.train;

import espalier.data.Batch;
import espalier.tensor.Tensor;
import java.util.Optional;

/** One training batch on its way through the loop. */
public final class Step {
    private Batch batch;
    private Optional<Tensor> scores = Optional.empty();
    private double loss = Double.NaN;
    private boolean skipped;
    private boolean held;
    private double share = 1;
    private double ofRank = 1;
    private double lossScale = 1;

    Step(Batch batch) {
        this.batch = batch;
    }

    /** Inputs, targets and items. */
    public Batch batch() {
        return batch;
    }

    /** Puts other inputs or targets in the place of the batch's, such as mixtures of them; before the model sees them. */
    public void batch(Batch other) {
        batch = other;
    }

    /** What the model gave; empty before. */
    public Optional<Tensor> scores() {
        return scores;
    }

    /** The mean loss of the batch, where several ranks train of all their batches; NaN before it is known. */
    public double loss() {
        return loss;
    }

    /** Leaves out the rest of this step: the parameters stay as they are. */
    public void skip() {
        skipped = true;
    }

    /** True after {@link #skip}. */
    public boolean skipped() {
        return skipped;
    }

    /**
     * Counts this batch's gradients as a share of a step only.
     *
     * @param share what they are multiplied by
     * @param held whether they are kept, and the parameters stay until a later batch completes the step
     */
    public void accumulate(double share, boolean held) {
        this.share = share;
        this.held = held;
    }

    /** What the gradients of this rank's batch are multiplied by. */
    double share() {
        return share * ofRank * lossScale;
    }

    /** Multiplies the loss before its gradients are computed; whoever does so divides them afterwards. */
    void lossScale(double scale) {
        lossScale = scale;
    }

    /** Says what this rank's batch is a part of: the batch of all ranks, with its mean loss. */
    void ofRank(double part, double meanLoss) {
        ofRank = part;
        loss = meanLoss;
    }

    boolean held() {
        return held;
    }

    void scores(Tensor scores) {
        this.scores = Optional.of(scores);
    }
}
