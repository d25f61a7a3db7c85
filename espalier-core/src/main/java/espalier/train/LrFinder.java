package espalier.train;

import espalier.data.DeviceBatches;
import espalier.format.DType;
import espalier.optim.GradScaler;
import espalier.optim.ParameterGroup;
import espalier.report.Progress;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The search for a learning rate: a mock training in which the rate grows from 1e-7 to 10, ended where the
 * loss runs away. Nothing is written to disk; weights, statistics, optimiser and its rates are afterwards as before.
 *
 * @paper Smith 2015, "Cyclical learning rates for training neural networks", arXiv:1506.01186; suggestions as in fastai 2
 */
public final class LrFinder {
    private static final double START = 1e-7;
    private static final double END = 10;
    private static final int STEPS = 100;

    private final Learner<?> learner;
    private final Progress progress;
    private final GradScaler scaler;

    LrFinder(Learner<?> learner, Progress progress) {
        this.learner = learner;
        this.progress = progress;
        this.scaler = GradScaler.of(learner.lossScaling());
    }

    /**
     * The curve and what it suggests.
     *
     * @param lrs the rate at each step
     * @param losses the smoothed loss at each step
     * @param suggestions rates by name: {@code valley, steep, minimum, slide}; one that the curve does not give is left out
     */
    public record Result(double[] lrs, double[] losses, Map<String, Double> suggestions) {
        /** The suggestion to take first; empty when the curve gives none. */
        public OptionalDouble valley() {
            return suggestions.containsKey("valley")
                    ? OptionalDouble.of(suggestions.get("valley"))
                    : OptionalDouble.empty();
        }
    }

    Result run() {
        Map<String, Tensor> before = new LinkedHashMap<>();
        Map<String, Tensor> optimizerBefore = new LinkedHashMap<>();
        var groups = learner.optimizer().groups();
        double[] lrsBefore = groups.stream().mapToDouble(ParameterGroup::lr).toArray();
        boolean wasTraining = learner.model().isTraining();
        try (var scope = Scope.open()) {
            learner.model()
                    .stateDict()
                    .forEach((name, value) -> before.put(name, value.detach().copy()));
            learner.optimizer()
                    .state()
                    .forEach((name, value) ->
                            optimizerBefore.put(name, value.detach().copy()));
            try {
                return search();
            } finally {
                learner.model().loadStateDict(before);
                learner.optimizer().clearState();
                learner.optimizer().loadState(optimizerBefore);
                learner.optimizer().zeroGrad();
                for (int i = 0; i < lrsBefore.length; i++) {
                    groups.get(i).lr(lrsBefore[i]);
                }
                learner.model().training(wasTraining);
            }
        }
    }

    private Result search() {
        var lrs = new ArrayList<Double>();
        var losses = new ArrayList<Double>();
        var smooth = new SmoothLoss();
        learner.optimizer().clearState();
        learner.model().train();
        learner.settleNorms();
        double best = Double.POSITIVE_INFINITY;
        for (int epoch = 0; lrs.size() < STEPS; epoch++) {
            try (var batches = learner.loaders().train().epoch(epoch).on(learner.device())) {
                while (batches.hasNext() && lrs.size() < STEPS) {
                    double lr = START * Math.pow(END / START, (double) lrs.size() / (STEPS - 1));
                    smooth.add(step(batches, lr, lrs.size()));
                    lrs.add(lr);
                    losses.add(smooth.value());
                    best = Math.min(best, smooth.value());
                    progress.update(lrs.size(), STEPS, String.format(Locale.ROOT, "loss %.4f", smooth.value()));
                    if (!(smooth.value() <= 4 * best)) {
                        return result(lrs, losses);
                    }
                }
            }
        }
        return result(lrs, losses);
    }

    private double step(DeviceBatches batches, double lr, int index) {
        try (var scope = Scope.open()) {
            var batch = batches.next();
            learner.optimizer().groups().forEach(group -> group.lr(lr));
            learner.model().seed(Rng.of(learner.seed()).derive(index));
            Tensor scores;
            try (var precision = learner.precision().open(learner.device())) {
                scores = learner.model().forward(batch.x());
            }
            Tensor loss = learner.loss().loss(scores.to(DType.FLOAT32), batch.y());
            if (learner.precision() == Precision.FLOAT16) {
                scaler.scale(loss).backward();
                scaler.step(learner.optimizer());
                scaler.update();
            } else {
                loss.backward();
                learner.optimizer().step();
            }
            learner.optimizer().zeroGrad();
            return loss.item();
        }
    }

    private static Result result(List<Double> lrs, List<Double> losses) {
        double[] x = lrs.stream().mapToDouble(Double::doubleValue).toArray();
        double[] y = losses.stream().mapToDouble(Double::doubleValue).toArray();
        return new Result(x, y, LrSuggestions.of(x, y));
    }
}
