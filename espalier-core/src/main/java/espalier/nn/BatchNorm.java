package espalier.nn;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Functional.BatchNormState;
import espalier.tensor.Grad;
import espalier.tensor.Tensor;
import java.util.Optional;

/**
 * Batch normalisation, of whatever dimensions: {@code y = (x - mean) / sqrt(var + eps) * weight + bias} for each
 * channel. In training mean and variance are the batch's, which also move the running ones; in evaluation they are
 * the running ones.
 */
abstract sealed class BatchNorm extends Module permits BatchNorm1d, BatchNorm2d {
    final BatchNormState state;
    final Tensor batches;
    private Optional<Fold> fold = Optional.empty();

    BatchNorm(BatchNormState state, Tensor batches) {
        this.state = state;
        this.batches = batches;
        state.weight().ifPresent(value -> parameter("weight", value));
        state.bias().ifPresent(value -> parameter("bias", value));
        buffer("running_mean", state.runningMean());
        buffer("running_var", state.runningVar());
        buffer("num_batches_tracked", batches);
    }

    static BatchNormState state(int channels) {
        return new BatchNormState(
                Optional.of(Tensor.ones(channels)),
                Optional.of(Tensor.zeros(channels)),
                Tensor.zeros(channels),
                Tensor.ones(channels),
                0.1,
                1e-5);
    }

    static Tensor counter() {
        return Tensor.zeros(DType.INT64);
    }

    final BatchNormState with(double eps, double momentum) {
        return new BatchNormState(state.weight(), state.bias(), state.runningMean(), state.runningVar(), momentum, eps);
    }

    final BatchNormState withoutAffine() {
        return new BatchNormState(
                Optional.empty(),
                Optional.empty(),
                state.runningMean(),
                state.runningVar(),
                state.momentum(),
                state.eps());
    }

    final Tensor normalise(Tensor x) {
        if (fold.filter(Fold::inUse).isPresent()) {
            return seen(x); // the convolution before has done it
        }
        if (isTraining()) {
            try (var off = Grad.off()) {
                batches.add_(1);
            }
        }
        return seen(Functional.batchNorm(x, state, isTraining()));
    }

    final void fold(Fold fold) {
        this.fold = Optional.of(fold);
    }

    @Override
    protected void forget() {
        fold.ifPresent(Fold::forget);
    }

    @Override
    protected void resetParameters(Rng rng) {
        try (var off = Grad.off()) {
            state.weight().ifPresent(value -> value.fill_(1));
            state.bias().ifPresent(Tensor::zero_);
            state.runningMean().zero_();
            state.runningVar().fill_(1);
            batches.zero_();
        }
    }
}
