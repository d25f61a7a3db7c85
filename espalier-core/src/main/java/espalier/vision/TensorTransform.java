package espalier.vision;

import espalier.rng.Rng;
import espalier.tensor.Tensor;

/**
 * A change of a picture that is a tensor, as torchvision's transforms of tensors; the catalogue is
 * {@link TensorTransforms}. One of your own is a lambda: {@code (x, rng) -> x.mul(2)}.
 */
@FunctionalInterface
public interface TensorTransform {
    /** The changed picture; does not change {@code x}. @shape {@code [..., C, H, W]}, floating point from 0 to 1 */
    Tensor apply(Tensor x, Rng rng);
}
