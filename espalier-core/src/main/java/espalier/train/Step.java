package espalier.train;

import espalier.data.Batch;
import espalier.tensor.Tensor;
import java.util.Optional;

/** One training batch on its way through the loop. */
public final class Step {
    private final Batch batch;
    private Optional<Tensor> scores = Optional.empty();
    private double loss = Double.NaN;
    private boolean skipped;

    Step(Batch batch) {
        this.batch = batch;
    }

    /** Inputs, targets and items. */
    public Batch batch() {
        return batch;
    }

    /** What the model gave; empty before. */
    public Optional<Tensor> scores() {
        return scores;
    }

    /** The mean loss of the batch; NaN before it is known. */
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

    void scores(Tensor scores) {
        this.scores = Optional.of(scores);
    }

    void loss(double loss) {
        this.loss = loss;
    }
}
