package espalier.tensor;

import org.bytedeco.pytorch.global.torch;

/**
 * Where a tensor's values are.
 *
 * @param type {@code "cpu"}, {@code "cuda"} or {@code "mps"}
 * @param index which of several, from 0
 */
public record Device(String type, int index) {
    private static final Device CPU = new Device("cpu", 0);

    /** Checks the type and the index. */
    public Device {
        if (!type.equals("cpu") && !type.equals("cuda") && !type.equals("mps")) {
            throw new IllegalArgumentException("unknown device type " + type
                    + ": expected cpu, cuda or mps. Maybe it has an index: Device.cuda(1).");
        }
        if (index < 0) {
            throw new IllegalArgumentException(
                    "a device index must not be negative, received " + index + ". Maybe 0, for the first.");
        }
    }

    /** The main memory. */
    public static Device cpu() {
        return CPU;
    }

    /** The first CUDA device. */
    public static Device cuda() {
        return cuda(0);
    }

    /** The CUDA device with the given index. */
    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    /** The Metal device of a Mac. */
    public static Device mps() {
        return new Device("mps", 0);
    }

    /** Whether tensors can be moved to this device on this machine, with the libtorch that is loaded. */
    public boolean isAvailable() {
        Native.load();
        return switch (type) {
            case "cuda" -> torch.cuda_is_available() && index < torch.cuda_device_count();
            case "mps" -> torch.hasMPS();
            default -> index == 0;
        };
    }

    /** Passes when tensors can be moved to this device. @throws IllegalStateException when not */
    void check(String op) {
        if (!isAvailable()) {
            throw new IllegalStateException(op + ": device " + this + " is not available here; there are "
                    + Machine.devices() + ". Maybe ask Device.isAvailable() first, and use Device.cpu() otherwise.");
        }
    }

    org.bytedeco.pytorch.Device toNative() {
        return new org.bytedeco.pytorch.Device(toString());
    }

    /** As PyTorch writes it: {@code cpu}, {@code cuda:0}, {@code mps}. */
    @Override
    public String toString() {
        return type.equals("cuda") ? "cuda:" + index : type;
    }
}
