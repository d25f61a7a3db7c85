package espalier.nn;

import espalier.tensor.Functional.BatchNormState;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/**
 * Batch normalisation of pictures: {@code y = (x - mean) / sqrt(var + eps) * weight + bias} for each channel. In
 * training mean and variance are the batch's, which also move the running ones; in evaluation they are the running
 * ones. In training each channel needs more than one value.
 *
 * @paper Ioffe and Szegedy 2015, "Batch normalization", algorithm 1; as in PyTorch the running variance is unbiased
 * @shape {@code [N, C, H, W]}, kept; weight, bias, running_mean and running_var {@code [C]}, num_batches_tracked a scalar
 */
public final class BatchNorm2d extends BatchNorm {
    private BatchNorm2d(BatchNormState state, Tensor batches) {
        super(state, batches);
    }

    /** For {@code channels} channels with eps 1e-5 and momentum 0.1. */
    public static BatchNorm2d of(int channels) {
        return new BatchNorm2d(state(channels), counter());
    }

    /** The same layer with another number added to the variance. */
    public BatchNorm2d eps(double eps) {
        return new BatchNorm2d(with(eps, state.momentum()), batches);
    }

    /** The same layer with another share of the batch's statistics in the running ones. */
    public BatchNorm2d momentum(double momentum) {
        return new BatchNorm2d(with(state.eps(), momentum), batches);
    }

    /** The same layer without weight and bias. */
    public BatchNorm2d noAffine() {
        return new BatchNorm2d(withoutAffine(), batches);
    }

    @Override
    public Tensor forward(Tensor x) {
        if (x.dim() != 4) {
            throw new ShapeException("BatchNorm2d: expected [N, C, H, W], received shape " + x.shape() + ".");
        }
        return normalise(x);
    }
}
