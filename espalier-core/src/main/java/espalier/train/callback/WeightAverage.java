package espalier.train.callback;

import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Cycle;
import espalier.train.Fit;
import espalier.train.StatefulCallback;
import espalier.train.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Averages the weights over training: validation, the best weights and the final model are those of the average, while the
 * steps go on from the plain ones.
 *
 * <ul>
 *   <li>{@link #exponential}: after each step {@code average = decay * average + (1 - decay) * weights} (EMA).
 *   <li>{@link #stochastic}: the plain mean of the weights at the end of each epoch from a share of training on (SWA).
 * </ul>
 *
 * <p>The average begins with the first weights it meets. The running statistics of batch norms are averaged too, as
 * PyTorch's {@code AveragedModel} with {@code use_buffers=True}; counters are copied.
 *
 * @paper Polyak and Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging"; Izmailov et al. 2018, "Averaging
 *     Weights Leads to Wider Optima and Better Generalization", <a href="https://arxiv.org/abs/1803.05407">arXiv:1803.05407</a>,
 *     algorithm 1; there the statistics of batch norms are computed anew by a pass over the training items
 */
public final class WeightAverage implements StatefulCallback {
    private static final String COUNT = "count";
    private static final String AVERAGE = "average.";
    private static final String PLAIN = "plain.";

    private final OptionalDouble decay;
    private final double from;
    private Optional<WeightCopy> average = Optional.empty();
    private Optional<WeightCopy> plain = Optional.empty();
    private long count;

    private WeightAverage(OptionalDouble decay, double from) {
        this.decay = decay;
        this.from = from;
    }

    /**
     * The exponential moving average.
     *
     * @param decay the share of the old average that stays in each step, in [0, 1); it remembers about
     *     {@code 1 / (1 - decay)} steps, so for a short training 0.99 rather than 0.9999
     */
    public static WeightAverage exponential(double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException(
                    "the decay of a moving average must be in [0, 1), received " + decay + ".");
        }
        return new WeightAverage(OptionalDouble.of(decay), 0);
    }

    /**
     * The mean of the weights at the end of epochs.
     *
     * @param from the share of all epochs after which it begins, in [0, 1): 0.75 in the paper
     */
    public static WeightAverage stochastic(double from) {
        if (!(from >= 0 && from < 1)) {
            throw new IllegalArgumentException(
                    "averaging must begin within training: expected a share in [0, 1), received " + from + ".");
        }
        return new WeightAverage(OptionalDouble.empty(), from);
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public void beforeFit(Fit fit) {
        average = forget(average);
        plain = forget(plain);
        count = 0;
    }

    /** Goes on from the plain weights. */
    @Override
    public void beforeEpoch(Fit fit) {
        plain.ifPresent(weights -> weights.copyInto(fit.learner().model()));
        plain = forget(plain);
    }

    @Override
    public void afterStep(Fit fit, Step step) {
        decay.ifPresent(share -> update(fit, 1 - share));
    }

    /** Puts the average into the model, for validation and whoever looks at the model until the next epoch. */
    @Override
    public void beforeValidate(Fit fit) {
        if (decay.isEmpty() && reached(fit)) {
            update(fit, 1.0 / (count + 1));
        }
        average.ifPresent(weights -> {
            plain = Optional.of(WeightCopy.of(fit.learner().model()));
            weights.copyInto(fit.learner().model());
        });
    }

    private boolean reached(Fit fit) {
        var plan = fit.plan();
        int all = plan.stream().mapToInt(Cycle::epochs).sum();
        int before = plan.stream()
                .limit(fit.position().cycle())
                .mapToInt(Cycle::epochs)
                .sum();
        return before + fit.position().epoch() + 1 > from * all;
    }

    private void update(Fit fit, double share) {
        var model = fit.learner().model();
        count++;
        if (average.isEmpty()) {
            average = Optional.of(WeightCopy.of(model));
            return;
        }
        try (var off = Grad.off();
                var scope = Scope.open()) {
            var now = model.stateDict();
            average.get().tensors().forEach((name, mean) -> {
                var weights = Objects.requireNonNull(now.get(name));
                if (mean.dtype().isFloatingPoint()) {
                    mean.lerp_(weights, share);
                } else {
                    mean.copy_(weights);
                }
            });
        }
    }

    /** Leaves the average in the model. */
    @Override
    public void afterFit(Fit fit) {
        average.ifPresent(weights -> weights.copyInto(fit.learner().model()));
        average = forget(average);
        plain = forget(plain);
    }

    @Override
    public String stateName() {
        return decay.isPresent() ? "ema" : "swa";
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        average.ifPresent(weights -> {
            state.put(COUNT, Tensor.of(new long[] {count}));
            state.putAll(weights.state(AVERAGE));
        });
        plain.ifPresent(weights -> state.putAll(weights.state(PLAIN)));
        return state;
    }

    @Override
    public void loadState(Fit fit, Map<String, Tensor> state) {
        count = Math.round(Objects.requireNonNull(state.get(COUNT)).item());
        average = Optional.of(WeightCopy.of(state, AVERAGE));
        boolean swapped = state.keySet().stream().anyMatch(name -> name.startsWith(PLAIN));
        plain = swapped ? Optional.of(WeightCopy.of(state, PLAIN)) : Optional.empty();
    }

    private static Optional<WeightCopy> forget(Optional<WeightCopy> weights) {
        weights.ifPresent(WeightCopy::close);
        return Optional.empty();
    }
}
