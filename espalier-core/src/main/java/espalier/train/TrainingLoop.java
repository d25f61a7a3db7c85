package espalier.train;

import espalier.data.Batch;
import espalier.data.DeviceBatches;
import espalier.data.Loader;
import espalier.format.DType;
import espalier.loss.Loss;
import espalier.nn.Module;
import espalier.optim.Optimizer;
import espalier.rng.Rng;
import espalier.tensor.NativeException;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.weights.Weights;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The training loop: cycles of epochs of batches, with callbacks in between. Read it from top to bottom.
 *
 * <p>Everything random in a step is a function of (seed, cycle, epoch, batch), and everything else that a later
 * step depends on is in the checkpoint: so a run that was interrupted and resumed ends with the same weights. Where several
 * {@link Ranks} train together, each runs this loop; all see the same losses, gradients and results.
 */
final class TrainingLoop {
    /** What happens at the end of a block, whatever happens in it. */
    private interface Ending extends AutoCloseable {
        @Override
        void close();
    }

    private final Learner<?> learner;
    private final Module model;
    private final Loss loss;
    private final Optimizer optimizer;
    private final Ranks ranks;
    private Loader<?> loader;
    private final List<Callback> callbacks;
    private final Fit fit;

    TrainingLoop(Learner<?> learner, Fit fit) {
        this.learner = learner;
        this.model = learner.model();
        this.loss = learner.loss();
        this.optimizer = learner.optimizer();
        this.ranks = learner.ranks();
        this.loader = learner.loaders().train();
        this.callbacks = Stream.concat(
                        learner.callbacksInOrder().stream(), Stream.of(new ProgressLog(System::nanoTime)))
                .toList();
        this.fit = fit;
    }

    /** Carries out the plan from the fit's position on, until its end or until a callback stops it. */
    void run() {
        Queue<Callback> begun = new ArrayDeque<>();
        ranks.begin(fit);
        try (Ending ending = () -> end(begun)) {
            for (Callback callback : callbacks) {
                callback.beforeFit(fit);
                begun.add(callback);
                restore(callback);
            }
            while (fit.position().cycle() < fit.plan().size() && fit.goesOn()) {
                runCycle(fit.cycle());
            }
        }
    }

    /** Gives a callback its state back, when the run goes on from a checkpoint that has it. */
    private void restore(Callback callback) {
        if (callback instanceof StatefulCallback stateful) {
            try (var scope = Scope.open()) {
                var state = Weights.part(fit.states(), stateful.stateName() + ".");
                state.replaceAll((name, value) -> value.to(learner.device()));
                if (!state.isEmpty()) {
                    stateful.loadState(fit, state);
                }
            }
        }
    }

    /** Tells each callback that has begun, whatever else failed; further exceptions are suppressed ones of the first. */
    private void end(Queue<Callback> begun) {
        if (!begun.isEmpty()) {
            var callback = begun.remove();
            try (Ending others = () -> end(begun)) {
                callback.afterFit(fit);
            }
        }
    }

    private void runCycle(Cycle cycle) {
        boolean fromStart = fit.position().epoch() == 0 && fit.position().batch() == 0;
        loader = ranks.share(learner.enter(fit.position().cycle(), cycle).train());
        if (fromStart) {
            if (!learner.takeState()) {
                optimizer.clearState();
            }
            fit.smoothLoss().restart();
        }
        while (fit.position().epoch() < cycle.epochs() && fit.goesOn()) {
            runEpoch(cycle);
        }
        if (fit.position().epoch() >= cycle.epochs()) {
            fit.position(new Position(fit.position().cycle() + 1, 0, 0));
        }
    }

    private void runEpoch(Cycle cycle) {
        long start = System.nanoTime();
        tell(callback -> callback.beforeEpoch(fit));
        ranks.equalizeBuffers(model);
        model.train();
        learner.settleNorms();
        try (var batches =
                loader.epoch(fit.epochsBefore(), fit.position().batch()).on(learner.device())) {
            while (fit.goesOn() && batches.hasNext()) {
                runBatch(cycle, batches);
            }
        }
        if (fit.position().batch() < loader.batches() && !fit.goesOn()) {
            return; // stopped in the middle: the rest of the epoch is for a resumption
        }
        finishEpoch(cycle, start);
    }

    private void runBatch(Cycle cycle, DeviceBatches batches) {
        try (var outer = Scope.open()) {
            runBatch(cycle, batches.next(), batches.place());
        }
    }

    private void runBatch(Cycle cycle, Batch batch, int place) {
        try (var scope = Scope.open()) {
            var step = new Step(batch);
            var at = fit.position().batch(place);
            fit.position(at);
            schedule(cycle);
            if (step.batch().size() > 0) {
                tell(callback -> callback.beforeBatch(fit, step));
            }
            if (!step.skipped()) {
                trainOn(step);
            }
            fit.position(at.batch(at.batch() + 1));
            tell(callback -> callback.afterBatch(fit, step));
        } catch (NativeException failure) {
            optimizer.zeroGrad();
            throw BatchMemory.explain(failure, learner, batch, this::tryOut);
        }
    }

    /** All that a step needs memory for. */
    private void tryOut(Batch batch) {
        BatchMemory.reserve(optimizer);
        try {
            forward(new Step(batch)).backward();
        } finally {
            optimizer.zeroGrad();
        }
    }

    private void trainOn(Step step) {
        Optional<Tensor> value = step.batch().size() > 0 ? Optional.of(forward(step)) : Optional.empty();
        if (!ranks.agreeOnLoss(learner, step, value)) {
            return;
        }
        tell(callback -> callback.afterLoss(fit, step));
        if (step.skipped()) {
            return;
        }
        value.map(loss -> step.share() == 1 ? loss : loss.mul(step.share())).ifPresent(Tensor::backward);
        if (step.held()) {
            record(step);
            return;
        }
        ranks.sumGradients(optimizer);
        tell(callback -> callback.beforeStep(fit, step));
        if (!step.skipped()) {
            optimizer.step();
            tell(callback -> callback.afterStep(fit, step));
        }
        record(step);
        optimizer.zeroGrad();
    }

    private Tensor forward(Step step) {
        Batch batch = step.batch();
        var at = fit.position();
        model.seed(ranks.own(Rng.of(learner.seed()).derive(at.cycle(), at.epoch(), at.batch())));
        try (var precision = learner.precision().open(learner.device())) {
            step.scores(model.forward(batch.x()));
        }
        return loss.loss(step.scores().orElseThrow().to(DType.FLOAT32), batch.y());
    }

    /** Sets each group's learning rate and momentum for the coming batch. */
    private void schedule(Cycle cycle) {
        var at = fit.position();
        double progress = (double) (at.epoch() * loader.batches() + at.batch()) / (cycle.epochs() * loader.batches());
        double factor = cycle.policy().factor(fit.validLosses());
        for (int i = 0; i < optimizer.groups().size(); i++) {
            var group = optimizer.groups().get(i);
            group.lr(factor * cycle.lr(i).at(progress));
            cycle.momentum().ifPresent(momentum -> group.momentum(momentum.at(progress)));
        }
    }

    private void record(Step step) {
        var last = optimizer.groups().get(optimizer.groups().size() - 1);
        fit.smoothLoss().add(step.loss());
        fit.history().add(new History.Step(last.lr(), last.momentum(), step.loss()));
    }

    private void finishEpoch(Cycle cycle, long start) {
        optimizer.zeroGrad(); // of a step that no batch completed
        ranks.checkWeights(fit);
        tell(callback -> callback.beforeValidate(fit));
        var at = fit.position();
        int epoch = fit.epochsBefore() + 1;
        var judged = ranks.judge(learner);
        double seconds = (System.nanoTime() - start) / 1e9;
        fit.history()
                .add(new EpochResult(cycle.name(), epoch, fit.trainLoss(), judged.loss(), judged.metrics(), seconds));
        fit.position(new Position(at.cycle(), at.epoch() + 1, 0));
        tell(callback -> callback.afterEpoch(fit));
    }

    private void tell(Consumer<Callback> event) {
        callbacks.forEach(event);
    }
}
