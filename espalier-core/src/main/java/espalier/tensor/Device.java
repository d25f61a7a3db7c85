package espalier.tensor;

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
            throw new IllegalArgumentException("unknown device type " + type + ": expected cpu, cuda or mps");
        }
        if (index < 0) {
            throw new IllegalArgumentException("device index must not be negative, received " + index);
        }
    }

    /** The main memory. */
    public static Device cpu() {
        return CPU;
    }

    /** The CUDA device with the given index. */
    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    /** The Metal device of a Mac. */
    public static Device mps() {
        return new Device("mps", 0);
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
