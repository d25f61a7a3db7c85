package espalier.train;

import espalier.format.DType;
import espalier.loss.Activation;
import espalier.loss.Loss;
import espalier.tensor.Grad;
import espalier.tensor.Machine;

/** In which type convolutions and matrix products are computed. Weights, norms, losses and softmax stay float32. */
public enum Precision {
    /**
     * bfloat16 where the CPU computes it faster (AMX, AVX-512 BF16), else float32. Quantities are always computed in float32:
     * bfloat16 has less than three decimal digits, so a price of 200 would be learnt and judged to the nearest 1.
     */
    AUTO,
    /** float32 everywhere. */
    FLOAT32,
    /** bfloat16, also where it is slower. */
    BFLOAT16;

    /** What this means for a loss. */
    Precision of(Loss loss) {
        return this == AUTO && loss.activation() == Activation.IDENTITY ? FLOAT32 : this;
    }

    /** The type that this means on this machine. */
    public DType dtype() {
        return switch (this) {
            case AUTO -> Machine.hasFastBfloat16() ? DType.BFLOAT16 : DType.FLOAT32;
            case FLOAT32 -> DType.FLOAT32;
            case BFLOAT16 -> DType.BFLOAT16;
        };
    }

    /** Computes in this precision on this thread until closed. */
    public Grad.Restore open() {
        return Grad.autocast(dtype());
    }
}
