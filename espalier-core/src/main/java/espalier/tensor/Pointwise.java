package espalier.tensor;

import org.bytedeco.pytorch.ScalarOptional;

/** Operations on each element, with broadcasting; each gives a new tensor. */
interface Pointwise {

    /** Sums. @throws ShapeException when the shapes do not broadcast */
    default Tensor add(Tensor other) {
        Operands.check("add", this, other);
        return Native.call("add", () -> Native.raw(this).add(other.raw()));
    }

    /** Sums. */
    default Tensor add(double other) {
        return Native.call("add", () -> Native.raw(this).add(Native.scalar((Tensor) this, other)));
    }

    /** Differences. @throws ShapeException when the shapes do not broadcast */
    default Tensor sub(Tensor other) {
        Operands.check("sub", this, other);
        return Native.call("sub", () -> Native.raw(this).sub(other.raw()));
    }

    /** Differences. */
    default Tensor sub(double other) {
        return Native.call("sub", () -> Native.raw(this).sub(Native.scalar((Tensor) this, other)));
    }

    /** Products. @throws ShapeException when the shapes do not broadcast */
    default Tensor mul(Tensor other) {
        Operands.check("mul", this, other);
        return Native.call("mul", () -> Native.raw(this).mul(other.raw()));
    }

    /** Products. */
    default Tensor mul(double other) {
        return Native.call("mul", () -> Native.raw(this).mul(Native.scalar((Tensor) this, other)));
    }

    /** Quotients; whole numbers give float32. @throws ShapeException when the shapes do not broadcast */
    default Tensor div(Tensor other) {
        Operands.check("div", this, other);
        return Native.call("div", () -> Native.raw(this).div(other.raw()));
    }

    /** Quotients; whole numbers give float32. */
    default Tensor div(double other) {
        return Native.call("div", () -> Native.raw(this).div(Native.scalar((Tensor) this, other)));
    }

    /** Each value to the power of the other's. @throws ShapeException when the shapes do not broadcast */
    default Tensor pow(Tensor exponent) {
        Operands.check("pow", this, exponent);
        return Native.call("pow", () -> Native.raw(this).pow(exponent.raw()));
    }

    /** Each value to the given power. */
    default Tensor pow(double exponent) {
        return Native.call("pow", () -> Native.raw(this).pow(Native.scalar((Tensor) this, exponent)));
    }

    /** {@code this + alpha * other}. @throws ShapeException when the shapes do not broadcast */
    default Tensor addScaled(Tensor other, double alpha) {
        Operands.check("add", this, other);
        return Native.call("add", () -> Native.raw(this).add(other.raw(), Native.scalar((Tensor) this, alpha)));
    }

    /** {@code this + weight * (end - this)}. @throws ShapeException when the shapes do not broadcast */
    default Tensor lerp(Tensor end, double weight) {
        Operands.check("lerp", this, end);
        return Native.call("lerp", () -> Native.raw(this).lerp(end.raw(), Native.scalar(weight)));
    }

    /** The remainder with the divisor's sign, as Python's %. @throws ShapeException when the shapes do not broadcast */
    default Tensor remainder(Tensor divisor) {
        Operands.check("remainder", this, divisor);
        return Native.call("remainder", () -> Native.raw(this).remainder(divisor.raw()));
    }

    /** The remainder with the divisor's sign, as Python's %. */
    default Tensor remainder(double divisor) {
        return Native.call("remainder", () -> Native.raw(this).remainder(Native.scalar((Tensor) this, divisor)));
    }

    /** The larger of each pair. @throws ShapeException when the shapes do not broadcast */
    default Tensor maximum(Tensor other) {
        Operands.check("maximum", this, other);
        return Native.call("maximum", () -> Native.raw(this).maximum(other.raw()));
    }

    /** The smaller of each pair. @throws ShapeException when the shapes do not broadcast */
    default Tensor minimum(Tensor other) {
        Operands.check("minimum", this, other);
        return Native.call("minimum", () -> Native.raw(this).minimum(other.raw()));
    }

    /** Values brought into {@code [min, max]}. */
    default Tensor clamp(double min, double max) {
        return Native.call(
                "clamp",
                () -> Native.raw(this)
                        .clamp(
                                new ScalarOptional(Native.scalar((Tensor) this, min)),
                                new ScalarOptional(Native.scalar((Tensor) this, max))));
    }

    /** Values brought to at least {@code min}. */
    default Tensor clampMin(double min) {
        return Native.call("clampMin", () -> Native.raw(this).clamp_min(Native.scalar((Tensor) this, min)));
    }

    /** Values brought to at most {@code max}. */
    default Tensor clampMax(double max) {
        return Native.call("clampMax", () -> Native.raw(this).clamp_max(Native.scalar((Tensor) this, max)));
    }

    /** {@code this + value * first * second}. */
    default Tensor addcmul(Tensor first, Tensor second, double value) {
        return Native.call("addcmul", () -> Native.raw(this).addcmul(first.raw(), second.raw(), Native.scalar(value)));
    }

    /** {@code this + value * first / second}. */
    default Tensor addcdiv(Tensor first, Tensor second, double value) {
        return Native.call("addcdiv", () -> Native.raw(this).addcdiv(first.raw(), second.raw(), Native.scalar(value)));
    }

    /** The angle of the point (other, this) in radians. @throws ShapeException when the shapes do not broadcast */
    default Tensor atan2(Tensor other) {
        Operands.check("atan2", this, other);
        return Native.call("atan2", () -> Native.raw(this).atan2(other.raw()));
    }

    /** Quotients rounded down, as Python's //. @throws ShapeException when the shapes do not broadcast */
    default Tensor floorDivide(Tensor divisor) {
        Operands.check("floorDivide", this, divisor);
        return Native.call("floorDivide", () -> Native.raw(this).floor_divide(divisor.raw()));
    }

    /** Values with NaN as 0, and infinities as the largest and smallest finite numbers. */
    default Tensor nanToNum() {
        return Native.call("nanToNum", () -> Native.raw(this).nan_to_num());
    }

    /** Absolute values. */
    default Tensor abs() {
        return Native.call("abs", () -> Native.raw(this).abs());
    }

    /** Values with the sign changed. */
    default Tensor neg() {
        return Native.call("neg", () -> Native.raw(this).neg());
    }

    /** e to the power of each value. */
    default Tensor exp() {
        return Native.call("exp", () -> Native.raw(this).exp());
    }

    /** e to the power of each value, less 1; exact near 0. */
    default Tensor expm1() {
        return Native.call("expm1", () -> Native.raw(this).expm1());
    }

    /** Natural logarithms. */
    default Tensor log() {
        return Native.call("log", () -> Native.raw(this).log());
    }

    /** Logarithms to base 2. */
    default Tensor log2() {
        return Native.call("log2", () -> Native.raw(this).log2());
    }

    /** Logarithms to base 10. */
    default Tensor log10() {
        return Native.call("log10", () -> Native.raw(this).log10());
    }

    /** Natural logarithms of 1 + each value; exact near 0. */
    default Tensor log1p() {
        return Native.call("log1p", () -> Native.raw(this).log1p());
    }

    /** Square roots. */
    default Tensor sqrt() {
        return Native.call("sqrt", () -> Native.raw(this).sqrt());
    }

    /** 1 over square roots. */
    default Tensor rsqrt() {
        return Native.call("rsqrt", () -> Native.raw(this).rsqrt());
    }

    /** Squares. */
    default Tensor square() {
        return Native.call("square", () -> Native.raw(this).square());
    }

    /** Sines, of radians. */
    default Tensor sin() {
        return Native.call("sin", () -> Native.raw(this).sin());
    }

    /** Cosines, of radians. */
    default Tensor cos() {
        return Native.call("cos", () -> Native.raw(this).cos());
    }

    /** Tangents, of radians. */
    default Tensor tan() {
        return Native.call("tan", () -> Native.raw(this).tan());
    }

    /** Arc sines, in radians. */
    default Tensor asin() {
        return Native.call("asin", () -> Native.raw(this).asin());
    }

    /** Arc cosines, in radians. */
    default Tensor acos() {
        return Native.call("acos", () -> Native.raw(this).acos());
    }

    /** Arc tangents, in radians. */
    default Tensor atan() {
        return Native.call("atan", () -> Native.raw(this).atan());
    }

    /** Hyperbolic sines. */
    default Tensor sinh() {
        return Native.call("sinh", () -> Native.raw(this).sinh());
    }

    /** Hyperbolic cosines. */
    default Tensor cosh() {
        return Native.call("cosh", () -> Native.raw(this).cosh());
    }

    /** Hyperbolic tangents. */
    default Tensor tanh() {
        return Native.call("tanh", () -> Native.raw(this).tanh());
    }

    /** 1 / (1 + exp(-x)). */
    default Tensor sigmoid() {
        return Native.call("sigmoid", () -> Native.raw(this).sigmoid());
    }

    /** log(x / (1 - x)), the inverse of {@link #sigmoid}, of values first clamped to {@code [eps, 1 - eps]}. */
    default Tensor logit(double eps) {
        return Native.call("logit", () -> Native.raw(this).logit(new org.bytedeco.pytorch.DoubleOptional(eps)));
    }

    /** Largest whole numbers not above. */
    default Tensor floor() {
        return Native.call("floor", () -> Native.raw(this).floor());
    }

    /** Smallest whole numbers not below. */
    default Tensor ceil() {
        return Native.call("ceil", () -> Native.raw(this).ceil());
    }

    /** Nearest whole numbers; halves to even. */
    default Tensor round() {
        return Native.call("round", () -> Native.raw(this).round());
    }

    /** Values without their fraction. */
    default Tensor trunc() {
        return Native.call("trunc", () -> Native.raw(this).trunc());
    }

    /** Fractions, with the value's sign. */
    default Tensor frac() {
        return Native.call("frac", () -> Native.raw(this).frac());
    }

    /** -1, 0 or 1. */
    default Tensor sign() {
        return Native.call("sign", () -> Native.raw(this).sign());
    }

    /** 1 over each value. */
    default Tensor reciprocal() {
        return Native.call("reciprocal", () -> Native.raw(this).reciprocal());
    }

    /** The error function. */
    default Tensor erf() {
        return Native.call("erf", () -> Native.raw(this).erf());
    }

    /** max(0, x). */
    default Tensor relu() {
        return Native.call("relu", () -> Native.raw(this).relu());
    }
}
