package espalier.tensor;

import java.util.List;
import org.bytedeco.pytorch.global.torch;

/**
 * Where a tensor's values are.
 *
 * @param type {@code "cpu"}, {@code "cuda"}, {@code "mps"} or {@code "meta"}
 * @param index which of several, from 0
 */
public record Device(String type, int index) {
    private static final List<String> TYPES = List.of("cpu", "cuda", "mps", "meta");
    private static final Device CPU = new Device("cpu", 0);

    /** Checks the type and the index. */
    public Device {
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException("unknown device type " + type
                    + ": expected cpu, cuda, mps or meta. Maybe it has an index: Device.cuda(1).");
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

    /**
     * The device of tensors that have a shape and a type but no values: what is computed there shows whether the shapes of a
     * network fit, without memory, and whether everything is on one device, since it does not mix with others.
     */
    public static Device meta() {
        return new Device("meta", 0);
    }

    /** The first graphics card that CUDA can use, otherwise the CPU: what {@code auto} means. */
    public static Device best() {
        return cuda().isAvailable() ? cuda() : CPU;
    }

    /**
     * A device by its name, whether or not it is there.
     *
     * @param name {@code auto} for {@link #best}, or as {@link #toString} writes it: {@code cpu}, {@code cuda}, {@code cuda:1}, {@code mps}, {@code meta}
     */
    public static Device parse(String name) {
        if (name.equals("auto")) {
            return best();
        }
        int colon = name.indexOf(':');
        try {
            return colon < 0
                    ? new Device(name, 0)
                    : new Device(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1)));
        } catch (NumberFormatException noIndex) {
            throw new IllegalArgumentException(
                    "unknown device " + name
                            + ": expected auto, cpu, cuda, cuda:1 or mps. Maybe cuda:0, for the first.",
                    noIndex);
        }
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

    /**
     * How much memory this device has, and how much of it is free.
     *
     * @throws IllegalStateException when the device is not available, or does not tell
     */
    public DeviceMemory memory() {
        if (equals(CPU)) {
            return DeviceMemory.main();
        }
        check("memory");
        if (!type.equals("cuda")) {
            throw new IllegalStateException(
                    "memory: " + this + " does not tell. Maybe ask Device.cpu(), whose memory it shares.");
        }
        return DeviceMemory.cuda(index);
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

    /** As PyTorch writes it: {@code cpu}, {@code cuda:0}, {@code mps}, {@code meta}. */
    @Override
    public String toString() {
        return type.equals("cuda") ? "cuda:" + index : type;
    }
}
