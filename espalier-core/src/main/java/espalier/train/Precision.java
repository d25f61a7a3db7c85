package espalier.train;

import espalier.tensor.DType;
import espalier.tensor.Grad;
import espalier.tensor.Machine;

/** In which type convolutions and matrix products are computed. Weights, norms, losses and softmax stay float32. */
public enum Precision {
    /** bfloat16 where the CPU computes it faster (AMX, AVX-512 BF16), else float32. */
    AUTO,
    /** float32 everywhere. */
    FLOAT32,
    /** bfloat16, also where it is slower. */
    BFLOAT16;

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
