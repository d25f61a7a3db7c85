package espalier.nn;

import espalier.tensor.Functional.BatchNormState;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/**
 * Batch normalisation of vectors or sequences: {@code y = (x - mean) / sqrt(var + eps) * weight + bias} for each channel. In
 * training mean and variance are the batch's, which also move the running ones; in evaluation they are the running
 * ones. In training each channel needs more than one value.
 *
 * @paper Ioffe and Szegedy 2015, "Batch normalization", algorithm 1; as in PyTorch the running variance is unbiased
 * @shape {@code [N, C]} or {@code [N, C, T]}, kept; weight, bias, running_mean and running_var {@code [C]}, num_batches_tracked a scalar
 */
public final class BatchNorm1d extends BatchNorm {
    private BatchNorm1d(BatchNormState state, Tensor batches) {
        super(state, batches);
    }

    /** For {@code channels} channels with eps 1e-5 and momentum 0.1. */
    public static BatchNorm1d of(int channels) {
        return new BatchNorm1d(state(channels), counter());
    }

    /** The same layer with another number added to the variance. */
    public BatchNorm1d eps(double eps) {
        return new BatchNorm1d(with(eps, state.momentum()), batches);
    }

    /** The same layer with another share of the batch's statistics in the running ones. */
    public BatchNorm1d momentum(double momentum) {
        return new BatchNorm1d(with(state.eps(), momentum), batches);
    }

    /** The same layer without weight and bias. */
    public BatchNorm1d noAffine() {
        return new BatchNorm1d(withoutAffine(), batches);
    }

    @Override
    public Tensor forward(Tensor x) {
        if (x.dim() != 2 && x.dim() != 3) {
            throw new ShapeException("BatchNorm1d: expected [N, C] or [N, C, T], received shape " + x.shape() + ".");
        }
        return normalise(x);
    }
}
