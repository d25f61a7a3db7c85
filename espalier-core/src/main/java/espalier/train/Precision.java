package espalier.train;

import espalier.format.DType;
import espalier.loss.Activation;
import espalier.loss.Loss;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.Machine;

/** In which type convolutions and matrix products are computed. Weights, norms, losses and softmax stay float32. */
public enum Precision {
    /**
     * bfloat16 where the device computes it faster than float32: a CPU with AMX or AVX-512 BF16, or a graphics card of CUDA's compute
     * capability 8 or more. float16 on older cards, float32 elsewhere. Quantities are always computed in float32:
     * bfloat16 has less than three decimal digits, so a price of 200 would be learnt and judged to the nearest 1.
     */
    AUTO,
    /** float32 everywhere. */
    FLOAT32,
    /** bfloat16, also where it is slower. */
    BFLOAT16,
    /** float16 with losses scaled by {@link espalier.optim.GradScaler}; on a CPU it is slower than float32. */
    FLOAT16;

    /** What this means for a loss. */
    Precision of(Loss loss) {
        return this == AUTO && loss.activation() == Activation.IDENTITY ? FLOAT32 : this;
    }

    /** What this means on a device: for {@code AUTO} one of the others. */
    public Precision on(Device device) {
        if (this != AUTO) {
            return this;
        }
        return switch (device.type()) {
            case "cpu" -> Machine.hasFastBfloat16() ? BFLOAT16 : FLOAT32;
            case "cuda" -> Machine.cudaHasBfloat16() ? BFLOAT16 : FLOAT16;
            default -> FLOAT32;
        };
    }

    /** The type that this means; for {@code AUTO} on the CPU. */
    public DType dtype() {
        return switch (on(Device.cpu())) {
            case BFLOAT16 -> DType.BFLOAT16;
            case FLOAT16 -> DType.FLOAT16;
            default -> DType.FLOAT32;
        };
    }

    /** Computes in this precision on this thread and the CPU until closed. */
    public Grad.Restore open() {
        return open(Device.cpu());
    }

    /** Computes in this precision on this thread and such a device until closed. */
    public Grad.Restore open(Device device) {
        return Grad.autocast(on(device).dtype(), device);
    }
}
