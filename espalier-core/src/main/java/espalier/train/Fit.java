package espalier.train;

import espalier.format.RawTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan being carried out, as callbacks see it. */
public final class Fit {
    private final Learner<?> learner;
    private final List<Cycle> plan;
    private final History history;
    private final SmoothLoss smoothLoss = new SmoothLoss();
    private Position position;
    private Map<String, RawTensor> states = Map.of();
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

    /** The states of callbacks in the checkpoint that this goes on from, by {@code "CALLBACK.NAME"}. */
    Map<String, RawTensor> states() {
        return states;
    }

    void states(Map<String, RawTensor> states) {
        this.states = states;
    }

    /** The validation losses of the present cycle's epochs so far; NaN where there is none. */
    double[] validLosses() {
        var epochs = history.epochs();
        return epochs.subList(Math.max(0, epochs.size() - position.epoch()), epochs.size()).stream()
                .mapToDouble(epoch -> epoch.validLoss().orElse(Double.NaN))
                .toArray();
    }

    SmoothLoss smoothLoss() {
        return smoothLoss;
    }

    /** The number of epochs before the present one, over all cycles; one less than the number that people are told. */
    public int epochsBefore() {
        return position.epoch()
                + plan.stream().limit(position.cycle()).mapToInt(Cycle::epochs).sum();
    }

    /** The number of epochs of all cycles. */
    public int epochs() {
        return plan.stream().mapToInt(Cycle::epochs).sum();
    }
}
