package espalier.tensor;

import espalier.format.DType;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Switches of this thread's automatic differentiation: recording on or off, and reduced precision.
 *
 * <pre>{@code
 * try (var off = Grad.off()) { ... }                          // torch.no_grad()
 * try (var bf16 = Grad.autocast(DType.BFLOAT16)) { ... }      // torch.autocast
 * }</pre>
 */
public final class Grad {
    private Grad() {}

    /** Restores what was before, on closing. Close on the same thread. */
    @FunctionalInterface
    public interface Restore extends AutoCloseable {
        @Override
        void close();
    }

    /** True when operations on this thread are recorded for {@code backward}. */
    public static boolean isOn() {
        Native.load();
        return org.bytedeco.pytorch.GradMode.is_enabled();
    }

    /** Stops recording on this thread until closed, as {@code torch.no_grad()}. */
    public static Restore off() {
        return set(false);
    }

    /** Records on this thread until closed, as {@code torch.enable_grad()}. */
    public static Restore on() {
        return set(true);
    }

    /** What becomes of the record that gradients are computed from, once they are. */
    public enum Graph {
        /** It is freed: a second {@code backward} fails. PyTorch's default. */
        FREE,
        /** It is kept for a second {@code backward}; {@code retain_graph=True}. */
        RETAIN,
        /** It is kept, and the gradients are recorded too, so that they can be differentiated; {@code create_graph=True}. */
        CREATE
    }

    /**
     * The gradient of a scalar with respect to one tensor that it was computed from, as {@code torch.autograd.grad}:
     * unlike {@link Tensor#backward} it adds nothing to anybody's {@link Tensor#grad}, so that several threads may ask
     * about the same model. Frees what was recorded.
     *
     * @throws ShapeException when {@code output} is not a scalar
     * @throws NativeException when {@code output} was not computed from {@code input}, or input requires no gradient
     */
    public static Tensor of(Tensor output, Tensor input) {
        return of(output, List.of(input), Graph.FREE).get(0);
    }

    /**
     * The gradients of a scalar with respect to several tensors, in their order. With {@link Graph#CREATE} they can be
     * differentiated again.
     *
     * @throws ShapeException when {@code output} is not a scalar
     * @throws NativeException when {@code output} was not computed from an input, or one requires no gradient
     */
    public static List<Tensor> of(Tensor output, List<Tensor> inputs, Graph graph) {
        if (output.numel() != 1) {
            throw new ShapeException("Grad.of: expected a scalar, received shape " + output.shape()
                    + ". Maybe reduce it with mean() or sum().");
        }
        return Native.run(
                "grad",
                () -> Tensor.takeAll(torch.grad(
                        Native.vector(List.of(output)),
                        Native.vector(inputs),
                        new TensorVector(),
                        new BoolOptional(graph != Graph.FREE),
                        graph == Graph.CREATE,
                        false)));
    }

    private static Restore set(boolean enabled) {
        boolean before = isOn();
        org.bytedeco.pytorch.GradMode.set_enabled(enabled);
        return () -> org.bytedeco.pytorch.GradMode.set_enabled(before);
    }

    /** The type that {@link #autocast} computes in on this thread and {@code device} now; {@code FLOAT32} when it is off. */
    static DType autocast(Device device) {
        Native.load();
        var type = device.toNative().type();
        return torch.is_autocast_enabled(type)
                ? DTypes.from(torch.get_autocast_dtype(type).intern())
                : DType.FLOAT32;
    }

    /** {@link #autocast(DType, Device)} on the CPU. */
    public static Restore autocast(DType dtype) {
        return autocast(dtype, Device.cpu());
    }

    /**
     * Computes convolutions and matrix products of this thread on such a device in {@code dtype} until closed, as
     * {@code torch.autocast}; libtorch keeps norms, losses and softmax in float32. {@code FLOAT32} switches it off.
     * Unlike PyTorch, depthwise convolutions on the CPU with a stride or a kernel above 3 are computed in float32 where a gradient
     * will be asked for, since that gradient is slower in bfloat16. The gradients of float16 need a scaled loss:
     * {@code espalier.optim.GradScaler}.
     *
     * @param dtype {@code FLOAT32}, {@code BFLOAT16} or {@code FLOAT16}
     */
    public static Restore autocast(DType dtype, Device device) {
        Native.load();
        if (dtype != DType.FLOAT32 && dtype != DType.BFLOAT16 && dtype != DType.FLOAT16) {
            throw new IllegalArgumentException(
                    "autocast computes in float32, bfloat16 or float16, received " + dtype.torchName() + ".");
        }
        var type = device.toNative().type();
        if (dtype == DType.FLOAT32 && !torch.is_autocast_available(type)) {
            return () -> {};
        }
        boolean before = torch.is_autocast_enabled(type);
        var dtypeBefore = torch.get_autocast_dtype(type);
        torch.set_autocast_enabled(type, dtype != DType.FLOAT32);
        if (dtype != DType.FLOAT32) {
            torch.set_autocast_dtype(type, DTypes.toNative(dtype));
        }
        return () -> {
            torch.clear_cache();
            torch.set_autocast_enabled(type, before);
            torch.set_autocast_dtype(type, dtypeBefore);
        };
    }
}
