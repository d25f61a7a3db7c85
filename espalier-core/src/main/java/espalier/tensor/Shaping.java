package espalier.tensor;

import espalier.format.DType;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Operations that change the shape or the order, not the values. Most give views that share memory. */
interface Shaping {
    /** The same elements in another shape; one size may be -1. A view where the order in memory permits. */
    default Tensor reshape(long... shape) {
        long[] sizes = ((Tensor) this).shape().reshaped("reshape", shape).sizes();
        return Native.call("reshape", () -> Native.raw(this).reshape(sizes), sizes);
    }

    /**
     * The same elements in another shape, sharing memory; one size may be -1.
     *
     * @throws ShapeException when the order in memory does not permit it, as after {@code transpose}
     */
    default Tensor view(long... shape) {
        var self = (Tensor) this;
        long[] sizes = self.shape().reshaped("view", shape).sizes();
        try {
            return Native.call("view", () -> Native.raw(this).view(sizes), sizes);
        } catch (NativeException inOtherOrder) {
            throw new ShapeException("view: the tensor of shape " + self.shape() + " is not contiguous, and "
                    + Shape.of(sizes) + " would need its elements in another order in memory."
                    + " Maybe use reshape, which copies where it must.");
        }
    }

    /** The same bytes read as elements of another type of the same size, without conversion. */
    default Tensor viewAs(DType dtype) {
        var self = (Tensor) this;
        if (dtype.bytes() != self.dtype().bytes()) {
            throw new IllegalArgumentException("viewAs: " + self.dtype().torchName() + " has "
                    + self.dtype().bytes() + " bytes, " + dtype.torchName() + " has " + dtype.bytes()
                    + ". Maybe convert the values with to(" + dtype + ").");
        }
        return Native.call("viewAs", () -> Native.raw(this).view(DTypes.toNative(dtype)), dtype);
    }

    /** The dimensions from {@code start} to {@code end}, both included, as one. */
    default Tensor flatten(int start, int end) {
        int first = Operands.axis("flatten", this, start);
        int last = Operands.axis("flatten", this, end);
        return Native.call("flatten", () -> Native.raw(this).flatten(first, last), first, last);
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
                    + java.util.Arrays.toString(order) + ". Maybe use transpose to exchange two.");
        }
        return Native.call("permute", () -> Native.raw(this).permute(axes), axes);
    }

    /** Two dimensions exchanged; a view. */
    default Tensor transpose(int first, int second) {
        int a = Operands.axis("transpose", this, first);
        int b = Operands.axis("transpose", this, second);
        return Native.call("transpose", () -> Native.raw(this).transpose(a, b), a, b);
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
        return Native.call("squeeze", () -> Native.raw(this).squeeze(axis), axis);
    }

    /** With a new dimension of size 1 at {@code dim}; a view. */
    default Tensor unsqueeze(int dim) {
        int dims = ((Tensor) this).dim();
        if (dim < -dims - 1 || dim > dims) {
            throw new ShapeException("unsqueeze: dimension " + dim + " cannot be added to shape "
                    + ((Tensor) this).shape() + ": expected " + (-dims - 1) + " to " + dims
                    + ". Maybe -1, for the last place.");
        }
        return Native.call("unsqueeze", () -> Native.raw(this).unsqueeze(dim), dim < 0 ? dim + dims + 1 : dim);
    }

    /** Dimensions of size 1 stretched to the given sizes, without copying; -1 leaves a size as it is. */
    default Tensor expand(long... sizes) {
        Operands.expands((Tensor) this, sizes);
        return Native.call("expand", () -> Native.raw(this).expand(sizes), sizes);
    }

    /** Dimensions of size 1 stretched to the shape of {@code other}, without copying. */
    default Tensor expandAs(Tensor other) {
        return expand(other.shape().sizes());
    }

    /** One dimension moved to another place, the others keeping their order; a view. */
    default Tensor movedim(int from, int to) {
        int source = Operands.axis("movedim", this, from);
        int destination = Operands.axis("movedim", this, to);
        return Native.call("movedim", () -> Native.raw(this).movedim(source, destination), source, destination);
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
        return Native.call("flip", () -> Native.raw(this).flip(axes), axes);
    }

    /** Positions moved by {@code shift} along {@code dim}; what leaves at the end comes back at the start. */
    default Tensor roll(long shift, int dim) {
        int axis = Operands.axis("roll", this, dim);
        return Native.call("roll", () -> Native.raw(this).roll(new long[] {shift}, axis));
    }

    /** One dimension split into several; a size of -1 is computed. */
    default Tensor unflatten(int dim, long... sizes) {
        int axis = Operands.axis("unflatten", this, dim);
        return Native.call("unflatten", () -> Native.raw(this).unflatten((long) axis, sizes), axis, sizes);
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
        return Native.run("split", () -> Tensor.takeAll(Native.raw(this).split(size, axis)), size, axis);
    }

    /** {@code count} pieces along {@code dim}, as equal as possible; views. */
    default List<Tensor> chunk(long count, int dim) {
        int axis = Operands.axis("chunk", this, dim);
        return Native.run("chunk", () -> Tensor.takeAll(Native.raw(this).chunk(count, axis)), count, axis);
    }

    /** The positions of {@code dim} one by one, without it; views. */
    default List<Tensor> unbind(int dim) {
        int axis = Operands.axis("unbind", this, dim);
        return Native.run("unbind", () -> Tensor.takeAll(Native.raw(this).unbind(axis)), axis);
    }

    /** The tensors one after the other along {@code dim}. @throws ShapeException when other sizes differ */
    static Tensor cat(List<Tensor> tensors, int dim) {
        checkAlike("cat", tensors, dim);
        return Native.call("cat", () -> torch.cat(Native.vector(tensors), dim), dim);
    }

    /** Grids of coordinates, the first axis varying along dimension 0. */
    static List<Tensor> meshgrid(List<Tensor> axes) {
        axes.forEach(axis -> Operands.dims("meshgrid", axis, 1, "[N]"));
        return Native.run("meshgrid", () -> Tensor.takeAll(torch.meshgrid(Native.vector(axes), "ij")));
    }

    /** The tensors along a new dimension. @throws ShapeException when shapes differ */
    static Tensor stack(List<Tensor> tensors, int dim) {
        checkAlike("stack", tensors, Integer.MIN_VALUE);
        return Native.call("stack", () -> torch.stack(Native.vector(tensors), dim), dim);
    }

    private static void checkAlike(String op, List<Tensor> tensors, int freeDim) {
        if (tensors.isEmpty()) {
            throw new ShapeException(op + ": expected at least one tensor. Maybe a filter left nothing over.");
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
                        + (free < 0 ? ": all must be equal." : ": they may differ at dimension " + free + " only.")
                        + " Maybe resize or pad the one that differs.");
            }
        }
    }
}
