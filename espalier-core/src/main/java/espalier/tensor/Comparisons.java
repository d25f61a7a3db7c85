package espalier.tensor;

import org.bytedeco.pytorch.global.torch;

/** Comparisons of each element, with broadcasting; the results are bool tensors. */
interface Comparisons {

    /** True where this is equal. @throws ShapeException when the shapes do not broadcast */
    default Tensor eq(Tensor other) {
        Operands.check("eq", this, other);
        return Native.call("eq", () -> Native.raw(this).eq(other.raw()));
    }

    /** True where this is equal. */
    default Tensor eq(double other) {
        return Native.call("eq", () -> Native.raw(this).eq(Native.scalar((Tensor) this, other)));
    }

    /** True where this is different. @throws ShapeException when the shapes do not broadcast */
    default Tensor ne(Tensor other) {
        Operands.check("ne", this, other);
        return Native.call("ne", () -> Native.raw(this).ne(other.raw()));
    }

    /** True where this is different. */
    default Tensor ne(double other) {
        return Native.call("ne", () -> Native.raw(this).ne(Native.scalar((Tensor) this, other)));
    }

    /** True where this is less. @throws ShapeException when the shapes do not broadcast */
    default Tensor lt(Tensor other) {
        Operands.check("lt", this, other);
        return Native.call("lt", () -> Native.raw(this).lt(other.raw()));
    }

    /** True where this is less. */
    default Tensor lt(double other) {
        return Native.call("lt", () -> Native.raw(this).lt(Native.scalar((Tensor) this, other)));
    }

    /** True where this is less or equal. @throws ShapeException when the shapes do not broadcast */
    default Tensor le(Tensor other) {
        Operands.check("le", this, other);
        return Native.call("le", () -> Native.raw(this).le(other.raw()));
    }

    /** True where this is less or equal. */
    default Tensor le(double other) {
        return Native.call("le", () -> Native.raw(this).le(Native.scalar((Tensor) this, other)));
    }

    /** True where this is greater. @throws ShapeException when the shapes do not broadcast */
    default Tensor gt(Tensor other) {
        Operands.check("gt", this, other);
        return Native.call("gt", () -> Native.raw(this).gt(other.raw()));
    }

    /** True where this is greater. */
    default Tensor gt(double other) {
        return Native.call("gt", () -> Native.raw(this).gt(Native.scalar((Tensor) this, other)));
    }

    /** True where this is greater or equal. @throws ShapeException when the shapes do not broadcast */
    default Tensor ge(Tensor other) {
        Operands.check("ge", this, other);
        return Native.call("ge", () -> Native.raw(this).ge(other.raw()));
    }

    /** True where this is greater or equal. */
    default Tensor ge(double other) {
        return Native.call("ge", () -> Native.raw(this).ge(Native.scalar((Tensor) this, other)));
    }

    /** True where both are true; numbers count as true unless 0. */
    default Tensor logicalAnd(Tensor other) {
        Operands.check("logicalAnd", this, other);
        return Native.call("logicalAnd", () -> Native.raw(this).logical_and(other.raw()));
    }

    /** True where either is true; numbers count as true unless 0. */
    default Tensor logicalOr(Tensor other) {
        Operands.check("logicalOr", this, other);
        return Native.call("logicalOr", () -> Native.raw(this).logical_or(other.raw()));
    }

    /** True where just one is true; numbers count as true unless 0. */
    default Tensor logicalXor(Tensor other) {
        Operands.check("logicalXor", this, other);
        return Native.call("logicalXor", () -> Native.raw(this).logical_xor(other.raw()));
    }

    /** True where this is false or 0. */
    default Tensor logicalNot() {
        return Native.call("logicalNot", () -> Native.raw(this).logical_not());
    }

    /** True where this is not a number. */
    default Tensor isNan() {
        return Native.call("isNan", () -> Native.raw(this).isnan());
    }

    /** True where this is infinite. */
    default Tensor isInf() {
        return Native.call("isInf", () -> Native.raw(this).isinf());
    }

    /** True where this is neither infinite nor not a number. */
    default Tensor isFinite() {
        return Native.call("isFinite", () -> Native.raw(this).isfinite());
    }

    /** Takes this where {@code condition} is true, else {@code other}. */
    default Tensor where(Tensor condition, Tensor other) {
        Operands.check("where", this, other);
        return Native.call("where", () -> torch.where(condition.raw(), Native.raw(this), other.raw()));
    }

    /** Takes this where {@code condition} is true, else {@code other}. */
    default Tensor where(Tensor condition, double other) {
        return Native.call(
                "where", () -> torch.where(condition.raw(), Native.raw(this), Native.scalar((Tensor) this, other)));
    }

    /** True where the values differ by at most {@code atol + rtol * |other|}. */
    default Tensor isClose(Tensor other, double rtol, double atol) {
        Operands.check("isClose", this, other);
        return Native.call("isClose", () -> Native.raw(this).isclose(other.raw(), rtol, atol, false));
    }

    /** True when shapes are the same and all values differ by at most {@code atol + rtol * |other|}. */
    default boolean allClose(Tensor other, double rtol, double atol) {
        return ((Tensor) this).shape().equals(other.shape())
                && Native.run("allclose", () -> Native.raw(this).allclose(other.raw(), rtol, atol, false));
    }

    /** True when shapes and all values are the same. */
    default boolean equalTo(Tensor other) {
        return ((Tensor) this).shape().equals(other.shape())
                && Native.run("equal", () -> Native.raw(this).equal(other.raw()));
    }
}
