package espalier.train;

import java.util.List;
import java.util.Optional;

/** A plan being carried out, as callbacks see it. */
public final class Fit {
    private final Learner<?> learner;
    private final List<Cycle> plan;
    private final History history;
    private final SmoothLoss smoothLoss = new SmoothLoss();
    private Position position;
    private volatile Optional<String> stopReason = Optional.empty();

    Fit(Learner<?> learner, List<Cycle> plan, Position position, History history) {
        this.learner = learner;
        this.plan = List.copyOf(plan);
        this.position = position;
        this.history = history;
    }

    /** The learner. */
    public Learner<?> learner() {
        return learner;
    }

    /** The cycles, in order. */
    public List<Cycle> plan() {
        return plan;
    }

    /** The cycle being carried out, or the last one when all are done. */
    public Cycle cycle() {
        return plan.get(Math.min(position.cycle(), plan.size() - 1));
    }

    /** How far the plan has been carried out; during a batch, that batch is not done yet. */
    public Position position() {
        return position;
    }

    /** What happened so far. */
    public History history() {
        return history;
    }

    /** The smoothed loss of the training batches. */
    public double trainLoss() {
        return smoothLoss.value();
    }

    /** Ends training after the present batch, or epoch when called there. */
    public void stop(String reason) {
        stopReason = Optional.of(reason);
    }

    /** Why training was stopped; empty while it goes on and when it came to its end. */
    public Optional<String> stopReason() {
        return stopReason;
    }

    boolean goesOn() {
        return stopReason.isEmpty();
    }

    void position(Position position) {
        this.position = position;
    }

    SmoothLoss smoothLoss() {
        return smoothLoss;
    }

    /** The number of epochs before the present one, over all cycles. */
    int epochsBefore() {
        int epochs = position.epoch();
        for (int i = 0; i < position.cycle(); i++) {
            epochs += plan.get(i).epochs();
        }
        return epochs;
    }
}
