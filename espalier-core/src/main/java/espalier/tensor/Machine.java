package espalier.tensor;

import espalier.files.Libraries;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** What libtorch found on this machine, and how many threads it uses. */
public final class Machine {
    private Machine() {}

    /** The version of libtorch, such as {@code "2.10.0-1.5.13"}: PyTorch's, then JavaCPP's. */
    public static String libtorchVersion() {
        return Libraries.version("org.bytedeco", "pytorch").orElse("unknown");
    }

    /** The vector instructions that libtorch's kernels use: {@code "DEFAULT"}, {@code "AVX2"}, {@code "AVX512"}. */
    public static String cpuCapability() {
        Native.load();
        return torch.get_cpu_capability().getString();
    }

    /** True where the CPU computes bfloat16 products faster than float32: AMX, or AVX-512 BF16. */
    public static boolean hasFastBfloat16() {
        return Stream.of("amx_bf16", "avx512_bf16").anyMatch(cpuFlags()::contains);
    }

    /** True where the first CUDA device computes bfloat16 itself: compute capability 8 or more. */
    public static boolean cudaHasBfloat16() {
        Native.load();
        return torch.cuda_is_available() && torch.getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
    }

    /** The CPU's feature flags as the operating system names them; empty where it does not tell. */
    public static List<String> cpuFlags() {
        var info = java.nio.file.Path.of("/proc/cpuinfo");
        try (var lines = java.nio.file.Files.lines(info)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> List.of(
                            line.substring(line.indexOf(':') + 1).strip().split(" ")))
                    .orElse(List.of());
        } catch (java.io.IOException | java.io.UncheckedIOException unreadable) {
            return List.of();
        }
    }

    /** The devices that tensors can be moved to, the CPU first. */
    public static List<Device> devices() {
        Native.load();
        if (torch.cuda_is_available()) {
            return Stream.concat(
                            Stream.of(Device.cpu()),
                            IntStream.range(0, (int) torch.cuda_device_count()).mapToObj(Device::cuda))
                    .toList();
        }
        return torch.hasMPS() ? List.of(Device.cpu(), Device.mps()) : List.of(Device.cpu());
    }

    /** Whether CUDA can be used, and if not, what is missing, such as {@code "no: libtorch's natives for it are not there ..."}. */
    public static String cuda() {
        Native.load();
        if (torch.cuda_is_available()) {
            return "yes: devices " + torch.cuda_device_count();
        }
        String folder = Loader.getPlatform() + "-gpu";
        boolean natives = torch.class.getResource("/org/bytedeco/pytorch/" + folder + "/") != null;
        return withoutCuda(
                natives, natives && String.valueOf(Loader.load(torch.class)).contains(folder));
    }

    /**
     * Why CUDA cannot be used.
     *
     * @param natives whether libtorch's natives for it are on the class path
     * @param loaded whether these were loaded, rather than those for the processor alone
     */
    static String withoutCuda(boolean natives, boolean loaded) {
        if (!natives) {
            return "no: libtorch's natives for it are not on the class path (build with -Pgpu)";
        }
        return loaded
                ? "no: CUDA finds no graphics card (maybe its driver is missing or too old)"
                : "no: the libraries that libtorch's natives for it need were not found (CUDA 13, cuDNN 9 and NCCL 2), so"
                        + " the processor's natives run";
    }

    /** How many threads one operation uses, as set on this thread. */
    public static int threads() {
        Native.load();
        return torch.get_num_threads();
    }

    /**
     * Sets how many threads one operation may use when called from this thread.
     *
     * @throws IllegalArgumentException when not positive
     */
    public static void threads(int count) {
        if (count <= 0) {
            throw new IllegalArgumentException(
                    "threads must be positive, received " + count + ". Maybe ask Runtime.availableProcessors().");
        }
        Native.load();
        torch.set_num_threads(count);
    }
}
