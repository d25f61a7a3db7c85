package espalier.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What happened during training: a result for each epoch, and for each batch its rate, momentum and loss. */
public final class History {
    /**
     * One training batch.
     *
     * @param lr the learning rate of the last group
     * @param momentum the momentum
     * @param loss the mean loss of the batch
     */
    public record Step(double lr, double momentum, double loss) {}

    private final List<EpochResult> epochs = new ArrayList<>();
    private Optional<EpochResult> kept = Optional.empty();
    private final List<Step> steps = new ArrayList<>();

    /** The epochs so far, in order. */
    public List<EpochResult> epochs() {
        return List.copyOf(epochs);
    }

    /** The training batches so far, in order. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The last epoch; empty before the first is done. */
    public Optional<EpochResult> last() {
        return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
    }

    /** The epoch whose weights the model has: the last, or the one that was chosen. */
    public Optional<EpochResult> kept() {
        return kept.isPresent() ? kept : last();
    }

    /** Says that the weights of an earlier epoch were put back into the model. */
    public void keep(EpochResult epoch) {
        kept = Optional.of(epoch);
    }

    /** Returns the history of this training and the one that followed, as one; its epochs are numbered on. */
    public History followedBy(History next) {
        var both = new History();
        both.epochs.addAll(epochs);
        next.epochs.forEach(epoch -> both.epochs.add(epoch.later(epochs.size())));
        both.steps.addAll(steps);
        both.steps.addAll(next.steps);
        both.kept = next.epochs.isEmpty() ? kept : next.kept.map(epoch -> epoch.later(epochs.size()));
        return both;
    }

    void add(EpochResult epoch) {
        epochs.add(epoch);
    }

    void add(Step step) {
        steps.add(step);
    }
}
