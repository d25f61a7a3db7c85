package espalier.tensor;

import espalier.rng.Rng;
import org.bytedeco.pytorch.ScalarOptional;

/** Operations that change the tensor itself and give it back; the result must have the tensor's own shape. */
interface InPlace {

    /** Adds. @throws ShapeException when {@code other} does not broadcast to this shape */
    default Tensor add_(Tensor other) {
        Operands.checkInPlace("add_", this, other);
        return Native.inPlace("add_", (Tensor) this, () -> Native.raw(this).add_(other.raw()));
    }

    /** Adds. */
    default Tensor add_(double other) {
        return Native.inPlace("add_", (Tensor) this, () -> Native.raw(this).add_(Native.scalar((Tensor) this, other)));
    }

    /** Subtracts. @throws ShapeException when {@code other} does not broadcast to this shape */
    default Tensor sub_(Tensor other) {
        Operands.checkInPlace("sub_", this, other);
        return Native.inPlace("sub_", (Tensor) this, () -> Native.raw(this).sub_(other.raw()));
    }

    /** Subtracts. */
    default Tensor sub_(double other) {
        return Native.inPlace("sub_", (Tensor) this, () -> Native.raw(this).sub_(Native.scalar((Tensor) this, other)));
    }

    /** Multiplies. @throws ShapeException when {@code other} does not broadcast to this shape */
    default Tensor mul_(Tensor other) {
        Operands.checkInPlace("mul_", this, other);
        return Native.inPlace("mul_", (Tensor) this, () -> Native.raw(this).mul_(other.raw()));
    }

    /** Multiplies. */
    default Tensor mul_(double other) {
        return Native.inPlace("mul_", (Tensor) this, () -> Native.raw(this).mul_(Native.scalar((Tensor) this, other)));
    }

    /** Divides. @throws ShapeException when {@code other} does not broadcast to this shape */
    default Tensor div_(Tensor other) {
        Operands.checkInPlace("div_", this, other);
        return Native.inPlace("div_", (Tensor) this, () -> Native.raw(this).div_(other.raw()));
    }

    /** Divides. */
    default Tensor div_(double other) {
        return Native.inPlace("div_", (Tensor) this, () -> Native.raw(this).div_(Native.scalar((Tensor) this, other)));
    }

    /** Adds {@code alpha * other}. @throws ShapeException when {@code other} does not broadcast to this shape */
    default Tensor addScaled_(Tensor other, double alpha) {
        Operands.checkInPlace("add_", this, other);
        return Native.inPlace(
                "add_", (Tensor) this, () -> Native.raw(this).add_(other.raw(), Native.scalar((Tensor) this, alpha)));
    }

    /** Adds {@code value * first * second}, elementwise. */
    default Tensor addcmul_(Tensor first, Tensor second, double value) {
        return Native.inPlace(
                "addcmul_",
                (Tensor) this,
                () -> Native.raw(this).addcmul_(first.raw(), second.raw(), Native.scalar(value)));
    }

    /** Adds {@code value * first / second}, elementwise. */
    default Tensor addcdiv_(Tensor first, Tensor second, double value) {
        return Native.inPlace(
                "addcdiv_",
                (Tensor) this,
                () -> Native.raw(this).addcdiv_(first.raw(), second.raw(), Native.scalar(value)));
    }

    /** Moves by {@code weight} of the way towards {@code end}. */
    default Tensor lerp_(Tensor end, double weight) {
        Operands.checkInPlace("lerp_", this, end);
        return Native.inPlace("lerp_", (Tensor) this, () -> Native.raw(this).lerp_(end.raw(), Native.scalar(weight)));
    }

    /** Raises to the given power. */
    default Tensor pow_(double exponent) {
        return Native.inPlace(
                "pow_", (Tensor) this, () -> Native.raw(this).pow_(Native.scalar((Tensor) this, exponent)));
    }

    /** Brings the values into {@code [min, max]}. */
    default Tensor clamp_(double min, double max) {
        return Native.inPlace(
                "clamp_",
                (Tensor) this,
                () -> Native.raw(this)
                        .clamp_(
                                new ScalarOptional(Native.scalar((Tensor) this, min)),
                                new ScalarOptional(Native.scalar((Tensor) this, max))));
    }

    /** Sets every element to {@code value}. */
    default Tensor fill_(double value) {
        return Native.inPlace(
                "fill_", (Tensor) this, () -> Native.raw(this).fill_(Native.scalar((Tensor) this, value)));
    }

    /** Sets every element to 0. */
    default Tensor zero_() {
        return Native.inPlace("zero_", (Tensor) this, () -> Native.raw(this).zero_());
    }

    /** Copies the values of {@code source}, which may be of another type. */
    default Tensor copy_(Tensor source) {
        Operands.checkInPlace("copy_", this, source);
        return Native.inPlace("copy_", (Tensor) this, () -> Native.raw(this).copy_(source.raw()));
    }

    /** Sets the elements where {@code mask} is true to {@code value}. */
    default Tensor maskedFill_(Tensor mask, double value) {
        Operands.checkInPlace("maskedFill_", this, mask);
        return Native.inPlace(
                "maskedFill_",
                (Tensor) this,
                () -> Native.raw(this).masked_fill_(mask.raw(), Native.scalar((Tensor) this, value)));
    }

    /** Draws every element from a normal distribution. */
    default Tensor normal_(double mean, double std, Rng rng) {
        return Native.inPlace(
                "normal_",
                (Tensor) this,
                () -> Native.raw(this).normal_(mean, std, Drawing.generator(rng, ((Tensor) this).device())));
    }

    /** Draws every element uniformly from {@code [from, to)}. */
    default Tensor uniform_(double from, double to, Rng rng) {
        return Native.inPlace(
                "uniform_",
                (Tensor) this,
                () -> Native.raw(this).uniform_(from, to, Drawing.generator(rng, ((Tensor) this).device())));
    }

    /** Sets every element to 1 with the given probability, else to 0. */
    default Tensor bernoulli_(double probability, Rng rng) {
        return Native.inPlace(
                "bernoulli_",
                (Tensor) this,
                () -> Native.raw(this).bernoulli_(probability, Drawing.generator(rng, ((Tensor) this).device())));
    }

    /** Absolute values. */
    default Tensor abs_() {
        return Native.inPlace("abs_", (Tensor) this, () -> Native.raw(this).abs_());
    }

    /** Values with the sign changed. */
    default Tensor neg_() {
        return Native.inPlace("neg_", (Tensor) this, () -> Native.raw(this).neg_());
    }

    /** e to the power of each value. */
    default Tensor exp_() {
        return Native.inPlace("exp_", (Tensor) this, () -> Native.raw(this).exp_());
    }

    /** e to the power of each value, less 1; exact near 0. */
    default Tensor expm1_() {
        return Native.inPlace("expm1_", (Tensor) this, () -> Native.raw(this).expm1_());
    }

    /** Natural logarithms. */
    default Tensor log_() {
        return Native.inPlace("log_", (Tensor) this, () -> Native.raw(this).log_());
    }

    /** Logarithms to base 2. */
    default Tensor log2_() {
        return Native.inPlace("log2_", (Tensor) this, () -> Native.raw(this).log2_());
    }

    /** Logarithms to base 10. */
    default Tensor log10_() {
        return Native.inPlace("log10_", (Tensor) this, () -> Native.raw(this).log10_());
    }

    /** Natural logarithms of 1 + each value; exact near 0. */
    default Tensor log1p_() {
        return Native.inPlace("log1p_", (Tensor) this, () -> Native.raw(this).log1p_());
    }

    /** Square roots. */
    default Tensor sqrt_() {
        return Native.inPlace("sqrt_", (Tensor) this, () -> Native.raw(this).sqrt_());
    }

    /** 1 over square roots. */
    default Tensor rsqrt_() {
        return Native.inPlace("rsqrt_", (Tensor) this, () -> Native.raw(this).rsqrt_());
    }

    /** Squares. */
    default Tensor square_() {
        return Native.inPlace("square_", (Tensor) this, () -> Native.raw(this).square_());
    }

    /** Sines, of radians. */
    default Tensor sin_() {
        return Native.inPlace("sin_", (Tensor) this, () -> Native.raw(this).sin_());
    }

    /** Cosines, of radians. */
    default Tensor cos_() {
        return Native.inPlace("cos_", (Tensor) this, () -> Native.raw(this).cos_());
    }

    /** Tangents, of radians. */
    default Tensor tan_() {
        return Native.inPlace("tan_", (Tensor) this, () -> Native.raw(this).tan_());
    }

    /** Arc sines, in radians. */
    default Tensor asin_() {
        return Native.inPlace("asin_", (Tensor) this, () -> Native.raw(this).asin_());
    }

    /** Arc cosines, in radians. */
    default Tensor acos_() {
        return Native.inPlace("acos_", (Tensor) this, () -> Native.raw(this).acos_());
    }

    /** Arc tangents, in radians. */
    default Tensor atan_() {
        return Native.inPlace("atan_", (Tensor) this, () -> Native.raw(this).atan_());
    }

    /** Hyperbolic sines. */
    default Tensor sinh_() {
        return Native.inPlace("sinh_", (Tensor) this, () -> Native.raw(this).sinh_());
    }

    /** Hyperbolic cosines. */
    default Tensor cosh_() {
        return Native.inPlace("cosh_", (Tensor) this, () -> Native.raw(this).cosh_());
    }

    /** Hyperbolic tangents. */
    default Tensor tanh_() {
        return Native.inPlace("tanh_", (Tensor) this, () -> Native.raw(this).tanh_());
    }

    /** 1 / (1 + exp(-x)). */
    default Tensor sigmoid_() {
        return Native.inPlace("sigmoid_", (Tensor) this, () -> Native.raw(this).sigmoid_());
    }

    /** Largest whole numbers not above. */
    default Tensor floor_() {
        return Native.inPlace("floor_", (Tensor) this, () -> Native.raw(this).floor_());
    }

    /** Smallest whole numbers not below. */
    default Tensor ceil_() {
        return Native.inPlace("ceil_", (Tensor) this, () -> Native.raw(this).ceil_());
    }

    /** Nearest whole numbers; halves to even. */
    default Tensor round_() {
        return Native.inPlace("round_", (Tensor) this, () -> Native.raw(this).round_());
    }

    /** Values without their fraction. */
    default Tensor trunc_() {
        return Native.inPlace("trunc_", (Tensor) this, () -> Native.raw(this).trunc_());
    }

    /** Fractions, with the value's sign. */
    default Tensor frac_() {
        return Native.inPlace("frac_", (Tensor) this, () -> Native.raw(this).frac_());
    }

    /** -1, 0 or 1. */
    default Tensor sign_() {
        return Native.inPlace("sign_", (Tensor) this, () -> Native.raw(this).sign_());
    }

    /** 1 over each value. */
    default Tensor reciprocal_() {
        return Native.inPlace(
                "reciprocal_", (Tensor) this, () -> Native.raw(this).reciprocal_());
    }

    /** The error function. */
    default Tensor erf_() {
        return Native.inPlace("erf_", (Tensor) this, () -> Native.raw(this).erf_());
    }

    /** max(0, x). */
    default Tensor relu_() {
        return Native.inPlace("relu_", (Tensor) this, () -> Native.raw(this).relu_());
    }
}
