package espalier.tensor;

/** New tensors of another shape with this one's element type and device, as {@code x.new_zeros(...)} in PyTorch. */
interface Alike {
    /** Zeros. */
    default Tensor newZeros(long... shape) {
        Shape.of(shape);
        return Native.call("newZeros", () -> Native.raw(this).new_zeros(shape));
    }

    /** Ones. */
    default Tensor newOnes(long... shape) {
        Shape.of(shape);
        return Native.call("newOnes", () -> Native.raw(this).new_ones(shape));
    }

    /** The same value everywhere. */
    default Tensor newFull(double value, long... shape) {
        Shape.of(shape);
        return Native.call("newFull", () -> Native.raw(this).new_full(shape, Native.scalar((Tensor) this, value)));
    }

    /** Values that are whatever the memory held: fill them before reading them. */
    default Tensor newEmpty(long... shape) {
        Shape.of(shape);
        return Native.call("newEmpty", () -> Native.raw(this).new_empty(shape));
    }
}
