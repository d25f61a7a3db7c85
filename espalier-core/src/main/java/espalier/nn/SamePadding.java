package espalier.nn;

import espalier.tensor.Functional;
import espalier.tensor.Functional.Padding;
import espalier.tensor.Functional.Window;
import espalier.tensor.Tensor;
import java.util.Optional;

/** TensorFlow's "same" padding: {@code ceil(size / stride)} outputs, an odd row or column of zeros below and right. */
final class SamePadding {
    private SamePadding() {}

    static Tensor conv2d(Tensor x, Tensor weight, Optional<Tensor> bias, Window window) {
        long rows = zeros(x.size(2), weight.size(2), window.stride()[0], window.dilation()[0]);
        long columns = zeros(x.size(3), weight.size(3), window.stride()[1], window.dilation()[1]);
        long[] both = {rows / 2, columns / 2};
        if (rows % 2 == 0 && columns % 2 == 0) {
            return Functional.conv2d(
                    x, weight, bias, new Window(window.stride(), both, window.dilation(), window.groups()));
        }
        Tensor padded = Functional.pad(
                x,
                columns / 2,
                columns - columns / 2,
                rows / 2,
                rows - rows / 2,
                Padding.ZEROS); // [N, C, H + p, W + q]
        long[] none = {0, 0};
        return Functional.conv2d(
                padded, weight, bias, new Window(window.stride(), none, window.dilation(), window.groups()));
    }

    /**
     * The same for a mirrored picture, with the odd zeros above and left. Symmetric padding gives that: the zeros it
     * adds below and right of the last whole window are never looked at, for strides above 1; with stride 1 an odd
     * number of zeros needs the copy.
     */
    static Tensor mirrored(Tensor x, Tensor weight, Optional<Tensor> bias, Window window) {
        long rows = zeros(x.size(2), weight.size(2), window.stride()[0], window.dilation()[0]);
        long columns = zeros(x.size(3), weight.size(3), window.stride()[1], window.dilation()[1]);
        boolean dropsRow = rows % 2 == 0 || window.stride()[0] > 1;
        boolean dropsColumn = columns % 2 == 0 || window.stride()[1] > 1;
        long above = rows - rows / 2;
        long left = columns - columns / 2;
        if (dropsRow && dropsColumn) {
            long[] both = {above, left};
            return Functional.conv2d(
                    x, weight, bias, new Window(window.stride(), both, window.dilation(), window.groups()));
        }
        Tensor padded = Functional.pad(x, left, columns / 2, above, rows / 2, Padding.ZEROS); // [N, C, H + p, W + q]
        long[] none = {0, 0};
        return Functional.conv2d(
                padded, weight, bias, new Window(window.stride(), none, window.dilation(), window.groups()));
    }

    private static long zeros(long size, long kernel, long stride, long dilation) {
        long outputs = (size + stride - 1) / stride;
        return Math.max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - size);
    }
}
