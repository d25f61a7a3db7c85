package espalier.nn;

import espalier.tensor.Grad;
import espalier.tensor.Tensor;

/**
 * A convolution's weight and bias with the batch norm behind it multiplied in. Convolution and norm share it, so that
 * both use it or neither does.
 *
 * @param norm the norm; in training it needs the batch, and the fold rests
 * @param weight scaled by {@code norm.weight / sqrt(running_var + eps)}
 * @param bias the rest of the norm
 * @param source the convolution's own weight; while it gets gradients the fold rests
 */
record Fold(BatchNorm2d norm, Tensor weight, Tensor bias, Tensor source) {
    boolean inUse() {
        return !norm.isTraining() && !(Grad.isOn() && source.requiresGrad());
    }
}
