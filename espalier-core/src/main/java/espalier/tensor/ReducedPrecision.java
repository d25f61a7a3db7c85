package espalier.tensor;

import espalier.format.DType;
import espalier.tensor.Functional.Window;

/**
 * Where reduced precision costs time instead of saving it.
 *
 * <p>oneDNN has no fast bfloat16 kernels for the gradients of depthwise convolutions: on a processor with AVX-512 BF16,
 * with 32 pictures of 224 x 224, the input's gradient of EfficientNet-Lite0's strided ones takes 381 ms and in float32
 * 18 ms, the weight's gradient of its 5 x 5 ones 360 ms and 122 ms. The dense ones gain a factor of two.
 */
final class ReducedPrecision {
    private static final long LARGEST_KERNEL = 3;

    private ReducedPrecision() {}

    /** True for a convolution under autocast that is faster in float32, together with its gradient. */
    static boolean slowsDown(Tensor x, Tensor weight, Window window) {
        boolean depthwise = window.groups() > 1 && weight.size(1) == 1;
        return depthwise
                && (window.stride()[0] > 1 || window.stride()[1] > 1 || weight.size(2) > LARGEST_KERNEL)
                && Grad.isOn()
                && (x.requiresGrad() || weight.requiresGrad())
                && x.device().equals(Device.cpu())
                && Grad.autocast(Device.cpu()) != DType.FLOAT32;
    }
}
