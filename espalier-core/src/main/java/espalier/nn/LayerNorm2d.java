package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Tensor;

/**
 * Layer normalisation of each pixel over its channels; torchvision's and timm's {@code LayerNorm2d}.
 *
 * @paper Liu, Mao, Wu, Feichtenhofer, Darrell and Xie 2022, "A ConvNet for the 2020s", section 2.6
 * @shape {@code [N, C, H, W]}, kept; weight and bias {@code [C]}
 */
public final class LayerNorm2d extends Module {
    private final LayerNorm norm;

    private LayerNorm2d(LayerNorm norm) {
        this.norm = norm;
        norm.ownParameters().forEach(this::parameter);
    }

    /** For {@code channels} channels; eps 1e-5. */
    public static LayerNorm2d of(int channels) {
        return new LayerNorm2d(LayerNorm.of(channels));
    }

    /** The same layer with another number added to the variance. */
    public LayerNorm2d eps(double eps) {
        return new LayerNorm2d(norm.eps(eps));
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor y = norm.forward(x.permute(0, 2, 3, 1)); // [N, H, W, C]
        return seen(y.permute(0, 3, 1, 2)); // [N, C, H, W]
    }

    @Override
    protected void resetParameters(Rng rng) {
        norm.resetParameters(rng);
    }
}
