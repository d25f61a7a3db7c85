package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Module;
import espalier.tensor.Tensor;

/** Convolution without bias, batch norm of eps 1e-3, ReLU: what both Inceptions of torchvision are made of. */
final class BasicConv2d extends Module implements FoldBatchNorm.InOrder {
    private final Conv2d conv;
    private final BatchNorm2d bn;

    private BasicConv2d(Conv2d conv, int channels) {
        this.conv = child("conv", conv.noBias());
        this.bn = child("bn", BatchNorm2d.of(channels).eps(1e-3));
    }

    static BasicConv2d of(Conv2d convolution) {
        return new BasicConv2d(convolution, Math.toIntExact(convolution.weight().size(0)));
    }

    /** With a square kernel, padded to keep the size. */
    static BasicConv2d same(int in, int out, int kernel) {
        return of(Conv2d.of(in, out, kernel).padding(kernel / 2));
    }

    /** With a kernel of {@code height} by {@code width}, padded to keep the size. */
    static BasicConv2d same(int in, int out, int height, int width) {
        return of(Conv2d.of(in, out, 1).kernel(height, width).padding(height / 2, width / 2));
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(bn.forward(conv.forward(x)).relu_());
    }
}
