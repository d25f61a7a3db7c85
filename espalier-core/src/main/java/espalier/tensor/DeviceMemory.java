package espalier.tensor;

import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * How much memory a device has and how much of it is free, whoever has the rest: {@code torch.cuda.mem_get_info} of PyTorch. What
 * libtorch keeps for later batches counts as taken.
 *
 * @param free bytes
 * @param total bytes
 */
public record DeviceMemory(long free, long total) {
    /** CUDA's runtime, which is in the process when libtorch computes by it, by its names on Linux and on Windows. */
    private static final List<String> CUDA_RUNTIMES = List.of("libcudart.so.13", "cudart64_13");

    /** Of the process's computer; libtorch is not loaded for it. */
    static DeviceMemory main() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            return new DeviceMemory(system.getFreeMemorySize(), system.getTotalMemorySize());
        }
        throw new IllegalStateException("memory: this virtual machine does not tell. Maybe use OpenJDK.");
    }

    /** Of a graphics card. */
    static DeviceMemory cuda(int index) {
        var runtime = runtime();
        var before = new IntByReference();
        var free = new LongByReference();
        var total = new LongByReference();
        call(runtime, "cudaGetDevice", before);
        call(runtime, "cudaSetDevice", index);
        try {
            call(runtime, "cudaMemGetInfo", free, total);
        } finally {
            call(runtime, "cudaSetDevice", before.getValue());
        }
        return new DeviceMemory(free.getValue(), total.getValue());
    }

    private static NativeLibrary runtime() {
        UnsatisfiedLinkError last = new UnsatisfiedLinkError("CUDA's runtime");
        for (String name : CUDA_RUNTIMES) {
            try {
                return NativeLibrary.getInstance(name);
            } catch (UnsatisfiedLinkError missing) {
                last = missing;
            }
        }
        throw new IllegalStateException("memory: CUDA's runtime was not found. Maybe CUDA 13 is not installed.", last);
    }

    private static void call(NativeLibrary runtime, String function, Object... arguments) {
        int code = runtime.getFunction(function).invokeInt(arguments);
        if (code != 0) {
            throw new IllegalStateException("memory: " + function + " failed with CUDA's error " + code
                    + ". Maybe another program uses the card alone.");
        }
    }
}
