package espalier.tensor;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;

/**
 * Operations that make one value of many: over everything, or over one or more dimensions. The forms with
 * {@code keepDim} leave the reduced dimensions in place with size 1.
 */
interface Reductions {

    /** The sum. */
    default Tensor sum() {
        return Native.call("sum", () -> Native.raw(this).sum());
    }

    /** The sum. Over the given dimensions, which go away. */
    default Tensor sum(int... dims) {
        return sum(false, dims);
    }

    /** The sum. Over the given dimensions. */
    default Tensor sum(boolean keepDim, int... dims) {
        long[] axes = Operands.axes("sum", this, dims);
        return Native.call("sum", () -> Native.raw(this).sum(axes, keepDim, new ScalarTypeOptional()), axes, keepDim);
    }

    /** The mean. */
    default Tensor mean() {
        return Native.call("mean", () -> Native.raw(this).mean());
    }

    /** The mean. Over the given dimensions, which go away. */
    default Tensor mean(int... dims) {
        return mean(false, dims);
    }

    /** The mean. Over the given dimensions. */
    default Tensor mean(boolean keepDim, int... dims) {
        long[] axes = Operands.axes("mean", this, dims);
        return Native.call("mean", () -> Native.raw(this).mean(axes, keepDim, new ScalarTypeOptional()), axes, keepDim);
    }

    /** The variance, divided by n - correction (1: unbiased, 0: population). */
    default Tensor var(int correction) {
        return Native.call(
                "var",
                () -> Native.raw(this)
                        .var(new LongArrayRefOptional(), new ScalarOptional(Native.scalar(correction)), false));
    }

    /** The variance, divided by n - correction (1: unbiased, 0: population). Over the given dimensions. */
    default Tensor var(int correction, boolean keepDim, int... dims) {
        long[] axes = Operands.axes("var", this, dims);
        return Native.call(
                "var", () -> Native.raw(this).var(axes, new ScalarOptional(Native.scalar(correction)), keepDim));
    }

    /** The standard deviation, divided by n - correction (1: unbiased, 0: population). */
    default Tensor std(int correction) {
        return Native.call(
                "std",
                () -> Native.raw(this)
                        .std(new LongArrayRefOptional(), new ScalarOptional(Native.scalar(correction)), false));
    }

    /** The standard deviation, divided by n - correction (1: unbiased, 0: population). Over the given dimensions. */
    default Tensor std(int correction, boolean keepDim, int... dims) {
        long[] axes = Operands.axes("std", this, dims);
        return Native.call(
                "std", () -> Native.raw(this).std(axes, new ScalarOptional(Native.scalar(correction)), keepDim));
    }

    /** The largest value. */
    default Tensor max() {
        Operands.notEmpty("max", this);
        return Native.call("max", () -> Native.raw(this).max());
    }

    /** The largest values over {@code dim}, and where they are. */
    default Extremes max(int dim) {
        return max(dim, false);
    }

    /** The largest values over {@code dim}, and where they are. */
    default Extremes max(int dim, boolean keepDim) {
        int axis = Operands.axis("max", this, dim);
        return Native.run("max", () -> Reductions.extremes(Native.raw(this).max(axis, keepDim)), axis, keepDim);
    }

    /** The smallest value. */
    default Tensor min() {
        Operands.notEmpty("min", this);
        return Native.call("min", () -> Native.raw(this).min());
    }

    /** The smallest values over {@code dim}, and where they are. */
    default Extremes min(int dim) {
        return min(dim, false);
    }

    /** The smallest values over {@code dim}, and where they are. */
    default Extremes min(int dim, boolean keepDim) {
        int axis = Operands.axis("min", this, dim);
        return Native.run("min", () -> Reductions.extremes(Native.raw(this).min(axis, keepDim)), axis, keepDim);
    }

    /** The lower median of the value. */
    default Tensor median() {
        Operands.notEmpty("median", this);
        return Native.call("median", () -> Native.raw(this).median());
    }

    /** The lower median of the values over {@code dim}, and where they are. */
    default Extremes median(int dim) {
        return median(dim, false);
    }

    /** The lower median of the values over {@code dim}, and where they are. */
    default Extremes median(int dim, boolean keepDim) {
        int axis = Operands.axis("median", this, dim);
        return Native.run("median", () -> Reductions.extremes(Native.raw(this).median(axis, keepDim)));
    }

    /** Where the largest value is, in the flattened tensor, int64. */
    default Tensor argmax() {
        Operands.notEmpty("argmax", this);
        return Native.call("argmax", () -> Native.raw(this).argmax());
    }

    /** Where the largest value of each row along {@code dim} is, int64. */
    default Tensor argmax(int dim) {
        int axis = Operands.axis("argmax", this, dim);
        return Native.call("argmax", () -> Native.raw(this).argmax(new LongOptional(axis), false), axis);
    }

    /** Where the smallest value is, in the flattened tensor, int64. */
    default Tensor argmin() {
        Operands.notEmpty("argmin", this);
        return Native.call("argmin", () -> Native.raw(this).argmin());
    }

    /** Where the smallest value of each row along {@code dim} is, int64. */
    default Tensor argmin(int dim) {
        int axis = Operands.axis("argmin", this, dim);
        return Native.call("argmin", () -> Native.raw(this).argmin(new LongOptional(axis), false), axis);
    }

    /** The product. */
    default Tensor prod() {
        return Native.call("prod", () -> Native.raw(this).prod());
    }

    /** The product over {@code dim}. */
    default Tensor prod(int dim) {
        int axis = Operands.axis("prod", this, dim);
        return Native.call("prod", () -> Native.raw(this).prod(axis, false, new ScalarTypeOptional()));
    }

    /** True when all are true, as a bool scalar. */
    default Tensor all() {
        return Native.call("all", () -> Native.raw(this).all());
    }

    /** True when any is true, as a bool scalar. */
    default Tensor any() {
        return Native.call("any", () -> Native.raw(this).any());
    }

    /** True where all along {@code dim} are true. */
    default Tensor all(int dim) {
        int axis = Operands.axis("all", this, dim);
        return Native.call("all", () -> Native.raw(this).all((long) axis, false));
    }

    /** True where any along {@code dim} is true. */
    default Tensor any(int dim) {
        int axis = Operands.axis("any", this, dim);
        return Native.call("any", () -> Native.raw(this).any((long) axis, false));
    }

    /** The largest value over the given dimensions; equal ones share the gradient. */
    default Tensor amax(boolean keepDim, int... dims) {
        long[] axes = Operands.axes("amax", this, dims);
        return Native.call("amax", () -> Native.raw(this).amax(axes, keepDim), axes, keepDim);
    }

    /** The smallest value over the given dimensions; equal ones share the gradient. */
    default Tensor amin(boolean keepDim, int... dims) {
        long[] axes = Operands.axes("amin", this, dims);
        return Native.call("amin", () -> Native.raw(this).amin(axes, keepDim), axes, keepDim);
    }

    /** The running sum along {@code dim}. */
    default Tensor cumsum(int dim) {
        int axis = Operands.axis("cumsum", this, dim);
        return Native.call("cumsum", () -> Native.raw(this).cumsum(axis), axis);
    }

    /** The running product along {@code dim}. */
    default Tensor cumprod(int dim) {
        int axis = Operands.axis("cumprod", this, dim);
        return Native.call("cumprod", () -> Native.raw(this).cumprod(axis));
    }

    /** log of the sum of exp over {@code dim}, without overflow. */
    default Tensor logSumExp(int dim) {
        int axis = Operands.axis("logSumExp", this, dim);
        return Native.call("logSumExp", () -> Native.raw(this).logsumexp(axis), axis);
    }

    /** The Euclidean norm of all elements. */
    default Tensor norm() {
        return Native.call("norm", () -> Native.raw(this).norm());
    }

    /** The p-norm over the given dimensions. */
    default Tensor norm(double p, boolean keepDim, int... dims) {
        long[] axes = Operands.axes("norm", this, dims);
        return Native.call("norm", () -> Native.raw(this).norm(new ScalarOptional(Native.scalar(p)), axes, keepDim));
    }

    /** The {@code k} largest values along {@code dim}, largest first, and where they are. */
    default Extremes topk(int k, int dim) {
        return extremesOf("topk", k, dim, true);
    }

    /** The {@code k} smallest values along {@code dim}, smallest first, and where they are. */
    default Extremes topkSmallest(int k, int dim) {
        return extremesOf("topkSmallest", k, dim, false);
    }

    private Extremes extremesOf(String op, int k, int dim, boolean largest) {
        int axis = Operands.axis(op, this, dim);
        long size = ((Tensor) this).size(axis);
        if (k < 0 || k > size) {
            throw new ShapeException(op + ": k must be 0 to " + size + ", the size of dimension " + axis + " of "
                    + ((Tensor) this).shape() + ", received " + k + ". Maybe there are fewer classes than thought.");
        }
        return Native.run(op, () -> extremes(Native.raw(this).topk(k, axis, largest, true)));
    }

    /** The values in order along {@code dim}, and where they were; equal values keep their order. */
    default Extremes sort(int dim, boolean descending) {
        int axis = Operands.axis("sort", this, dim);
        return Native.run("sort", () -> extremes(Native.raw(this).sort(new BoolOptional(true), axis, descending)));
    }

    private static Extremes extremes(T_TensorTensor_T pair) {
        return new Extremes(Native.takeCopy(pair.get0()), Native.takeCopy(pair.get1()));
    }

    /**
     * Values and where they are.
     *
     * @param values the values
     * @param indices their positions along the dimension, int64, of the same shape
     */
    record Extremes(Tensor values, Tensor indices) {}
}
