package espalier.tensor;

import espalier.format.DType;

/** Checks of what an operation is given, made before libtorch is called. */
final class Operands {
    private Operands() {}

    static void check(String op, Object self, Tensor other) {
        ((Tensor) self).shape().broadcast(op, other.shape());
    }

    static void checkInPlace(String op, Object self, Tensor other) {
        Shape own = ((Tensor) self).shape();
        if (!own.broadcast(op, other.shape()).equals(own)) {
            throw new ShapeException(op + ": shape " + other.shape() + " does not fit into " + own
                    + ", which an in-place operation cannot change. Maybe use the form without the underscore.");
        }
    }

    static int axis(String op, Object self, int dim) {
        return ((Tensor) self).shape().axis(op, dim);
    }

    static long[] axes(String op, Object self, int... dims) {
        Shape shape = ((Tensor) self).shape();
        long[] axes = new long[dims.length];
        for (int i = 0; i < dims.length; i++) {
            axes[i] = shape.axis(op, dims[i]);
        }
        return axes;
    }

    static void notEmpty(String op, Object self) {
        if (((Tensor) self).numel() == 0) {
            throw new ShapeException(op + ": the tensor is empty: shape " + ((Tensor) self).shape()
                    + ". Maybe a filter left nothing over.");
        }
    }

    static void dims(String op, Tensor x, int expected, String letters) {
        if (x.dim() != expected) {
            throw new ShapeException(op + ": expected " + letters + ", received shape " + x.shape() + "."
                    + (x.dim() == expected - 1
                            ? " Maybe the batch dimension is missing: unsqueeze(0)."
                            : " Maybe reshape it first."));
        }
    }

    static void size(String op, Tensor x, int dim, long expected, String what) {
        if (x.size(dim) != expected) {
            throw new ShapeException(op + ": expected " + expected + " " + what + " at dimension " + dim + ", received "
                    + x.size(dim) + " in shape " + x.shape() + ". Maybe a dimension is in another place (transpose).");
        }
    }

    static void indices(String op, Tensor index) {
        if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
            throw new IllegalArgumentException(op + ": indices must be int64, received "
                    + index.dtype().torchName() + ". Maybe convert them with to(DType.INT64).");
        }
    }

    static void bytes(String op, long received, DType dtype, Shape shape) {
        long expected = Math.multiplyExact(shape.numel(), (long) dtype.bytes());
        if (received != expected) {
            throw new ShapeException(op + ": " + received + " bytes do not make a " + dtype.torchName()
                    + " tensor of shape " + shape + ": expected " + expected
                    + " bytes. Maybe the element type is another, or the buffer was not flipped.");
        }
    }

    static void expands(Tensor x, long... sizes) {
        Shape shape = x.shape();
        int added = sizes.length - shape.dim();
        boolean fits = added >= 0;
        for (int d = 0; fits && d < sizes.length; d++) {
            fits = d < added
                    ? sizes[d] >= 0
                    : sizes[d] == -1 || shape.size(d - added) == 1 || shape.size(d - added) == sizes[d];
        }
        if (!fits) {
            throw new ShapeException("expand: shape " + shape + " cannot be stretched to "
                    + java.util.Arrays.toString(sizes) + ": only sizes of 1 can, and new dimensions come first."
                    + " Maybe use repeat, or unsqueeze first.");
        }
    }
}
