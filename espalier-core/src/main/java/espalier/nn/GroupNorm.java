package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Tensor;

/**
 * Group normalisation: {@code y = (x - mean) / sqrt(var + eps) * weight + bias}, with mean and variance over each
 * group of channels of each item, the same in training and evaluation.
 *
 * @paper Wu and He 2018, "Group normalization"
 * @shape {@code [N, C, ...]}, kept; weight and bias {@code [C]}
 */
public final class GroupNorm extends Module {
    private final int groups;
    private final Tensor weight;
    private final Tensor bias;
    private final double eps;

    private GroupNorm(int groups, Tensor weight, Tensor bias, double eps) {
        this.groups = groups;
        this.weight = parameter("weight", weight);
        this.bias = parameter("bias", bias);
        this.eps = eps;
    }

    /** {@code channels} channels in {@code groups} groups; eps 1e-5. */
    public static GroupNorm of(int groups, int channels) {
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "groups must divide the channels: received " + groups + " groups for " + channels + " channels.");
        }
        return new GroupNorm(groups, Tensor.ones(channels), Tensor.zeros(channels), 1e-5);
    }

    /** The same layer with another number added to the variance. */
    public GroupNorm eps(double eps) {
        return new GroupNorm(groups, weight, bias, eps);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(Functional.groupNorm(x, groups, weight, bias, eps));
    }

    @Override
    protected void resetParameters(Rng rng) {
        try (var off = Grad.off()) {
            weight.fill_(1);
            bias.zero_();
        }
    }
}
