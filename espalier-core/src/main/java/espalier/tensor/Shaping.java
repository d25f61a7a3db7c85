package espalier.tensor;

import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Operations that change the shape or the order, not the values. Most give views that share memory. */
interface Shaping {
    /** The same elements in another shape; one size may be -1. A view where the order in memory permits. */
    default Tensor reshape(long... shape) {
        long[] sizes = ((Tensor) this).shape().reshaped("reshape", shape).sizes();
        return Native.call("reshape", () -> Native.raw(this).reshape(sizes));
    }

    /** The dimensions from {@code start} to {@code end}, both included, as one. */
    default Tensor flatten(int start, int end) {
        int first = Operands.axis("flatten", this, start);
        int last = Operands.axis("flatten", this, end);
        return Native.call("flatten", () -> Native.raw(this).flatten(first, last));
    }

    /** All elements in one dimension. */
    default Tensor flatten() {
        return flatten(0, -1);
    }

    /** The dimensions in another order; a view. @throws ShapeException when not each is named once */
    default Tensor permute(int... order) {
        Shape shape = ((Tensor) this).shape();
        long[] axes = Operands.axes("permute", this, order);
        if (order.length != shape.dim() || LongStream.of(axes).distinct().count() != order.length) {
            throw new ShapeException("permute: every dimension of " + shape + " must be named once, received "
                    + java.util.Arrays.toString(order) + ".");
        }
        return Native.call("permute", () -> Native.raw(this).permute(axes));
    }

    /** Two dimensions exchanged; a view. */
    default Tensor transpose(int first, int second) {
        int a = Operands.axis("transpose", this, first);
        int b = Operands.axis("transpose", this, second);
        return Native.call("transpose", () -> Native.raw(this).transpose(a, b));
    }

    /** The matrix with rows and columns exchanged; a view. */
    default Tensor t() {
        Operands.dims("t", (Tensor) this, 2, "a matrix");
        return transpose(0, 1);
    }

    /** Without the dimensions of size 1; a view. */
    default Tensor squeeze() {
        return Native.call("squeeze", () -> Native.raw(this).squeeze());
    }

    /** Without the given dimension where its size is 1; a view. */
    default Tensor squeeze(int dim) {
        int axis = Operands.axis("squeeze", this, dim);
        return Native.call("squeeze", () -> Native.raw(this).squeeze(axis));
    }

    /** With a new dimension of size 1 at {@code dim}; a view. */
    default Tensor unsqueeze(int dim) {
        int dims = ((Tensor) this).dim();
        if (dim < -dims - 1 || dim > dims) {
            throw new ShapeException("unsqueeze: dimension " + dim + " cannot be added to shape "
                    + ((Tensor) this).shape() + ": expected " + (-dims - 1) + " to " + dims + ".");
        }
        return Native.call("unsqueeze", () -> Native.raw(this).unsqueeze(dim));
    }

    /** Dimensions of size 1 stretched to the given sizes, without copying; -1 leaves a size as it is. */
    default Tensor expand(long... sizes) {
        return Native.call("expand", () -> Native.raw(this).expand(sizes));
    }

    /** The tensor repeated along each dimension, copied. */
    default Tensor repeat(long... times) {
        return Native.call("repeat", () -> Native.raw(this).repeat(times));
    }

    /** Each position of {@code dim} repeated in place, copied. */
    default Tensor repeatInterleave(long times, int dim) {
        int axis = Operands.axis("repeatInterleave", this, dim);
        return Native.call(
                "repeatInterleave",
                () -> Native.raw(this).repeat_interleave(times, new LongOptional(axis), new LongOptional()));
    }

    /** The given dimensions in reverse order, copied. */
    default Tensor flip(int... dims) {
        long[] axes = Operands.axes("flip", this, dims);
        return Native.call("flip", () -> Native.raw(this).flip(axes));
    }

    /** Positions moved by {@code shift} along {@code dim}; what leaves at the end comes back at the start. */
    default Tensor roll(long shift, int dim) {
        int axis = Operands.axis("roll", this, dim);
        return Native.call("roll", () -> Native.raw(this).roll(new long[] {shift}, axis));
    }

    /** One dimension split into several; a size of -1 is computed. */
    default Tensor unflatten(int dim, long... sizes) {
        int axis = Operands.axis("unflatten", this, dim);
        return Native.call("unflatten", () -> Native.raw(this).unflatten((long) axis, sizes));
    }

    /** Windows of {@code size} positions every {@code step}, in a new last dimension; a view. */
    default Tensor unfold(int dim, long size, long step) {
        int axis = Operands.axis("unfold", this, dim);
        return Native.call("unfold", () -> Native.raw(this).unfold(axis, size, step));
    }

    /** The lower triangle; what is above the given diagonal becomes 0. */
    default Tensor tril(long diagonal) {
        return Native.call("tril", () -> Native.raw(this).tril(diagonal));
    }

    /** The upper triangle; what is below the given diagonal becomes 0. */
    default Tensor triu(long diagonal) {
        return Native.call("triu", () -> Native.raw(this).triu(diagonal));
    }

    /** The diagonal of a matrix, or the matrix of a diagonal. */
    default Tensor diag() {
        return Native.call("diag", () -> Native.raw(this).diag(0));
    }

    /** Pieces of {@code size} positions along {@code dim}, the last one possibly smaller; views. */
    default List<Tensor> split(long size, int dim) {
        int axis = Operands.axis("split", this, dim);
        return Native.run("split", () -> Tensor.takeAll(Native.raw(this).split(size, axis)));
    }

    /** {@code count} pieces along {@code dim}, as equal as possible; views. */
    default List<Tensor> chunk(long count, int dim) {
        int axis = Operands.axis("chunk", this, dim);
        return Native.run("chunk", () -> Tensor.takeAll(Native.raw(this).chunk(count, axis)));
    }

    /** The positions of {@code dim} one by one, without it; views. */
    default List<Tensor> unbind(int dim) {
        int axis = Operands.axis("unbind", this, dim);
        return Native.run("unbind", () -> Tensor.takeAll(Native.raw(this).unbind(axis)));
    }

    /** The tensors one after the other along {@code dim}. @throws ShapeException when other sizes differ */
    static Tensor cat(List<Tensor> tensors, int dim) {
        checkAlike("cat", tensors, dim);
        return Native.call("cat", () -> torch.cat(Native.vector(tensors), dim));
    }

    /** The tensors along a new dimension. @throws ShapeException when shapes differ */
    static Tensor stack(List<Tensor> tensors, int dim) {
        checkAlike("stack", tensors, Integer.MIN_VALUE);
        return Native.call("stack", () -> torch.stack(Native.vector(tensors), dim));
    }

    private static void checkAlike(String op, List<Tensor> tensors, int freeDim) {
        if (tensors.isEmpty()) {
            throw new ShapeException(op + ": expected at least one tensor.");
        }
        Shape first = tensors.get(0).shape();
        int free = freeDim == Integer.MIN_VALUE ? -1 : first.axis(op, freeDim);
        for (int i = 1; i < tensors.size(); i++) {
            Shape shape = tensors.get(i).shape();
            boolean alike = shape.dim() == first.dim();
            for (int d = 0; alike && d < first.dim(); d++) {
                alike = d == free || shape.size(d) == first.size(d);
            }
            if (!alike) {
                throw new ShapeException(op + ": tensor " + i + " has shape " + shape + ", the first has " + first
                        + (free < 0 ? ": all must be equal." : ": they may differ at dimension " + free + " only."));
            }
        }
    }
}
