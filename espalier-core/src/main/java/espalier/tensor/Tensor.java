package espalier.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers with a shape, an element type and a device, that can remember how it was computed
 * and differentiate. The words and the results are PyTorch's.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
 * x.mul(x).sum().backward();
 * x.grad().orElseThrow();                    // [[2, 4], [6, 8]]
 * }</pre>
 *
 * <p>Operations come in two forms: {@code add} gives a new tensor, {@code add_} changes this one. Shapes are
 * checked before libtorch is called; a {@link ShapeException} says what was received and expected. Native
 * memory is freed by the {@link Scope} in which a tensor was made. A tensor may be read by several threads.
 */
public final class Tensor
        implements Pointwise,
                InPlace,
                Comparisons,
                Reductions,
                Counting,
                Shaping,
                Indexing,
                LinearAlgebra,
                AutoCloseable {
    private final org.bytedeco.pytorch.Tensor raw;
    private @Nullable Scope owner;
    private boolean kept;
    private volatile boolean freed;

    Tensor(org.bytedeco.pytorch.Tensor raw) {
        this.raw = raw;
        this.owner = Scope.enter(this);
    }

    // ---- creation

    /** A float32 tensor of {@code data} in row-major order. @throws ShapeException when the counts differ */
    public static Tensor of(float[] data, long... shape) {
        var tensor = checkedEmpty("of", data.length, DType.FLOAT32, shape);
        if (data.length > 0) { // the memory of an empty tensor has no address
            new FloatPointer(tensor.raw.data_ptr_float()).put(data);
        }
        return tensor;
    }

    /** A float64 tensor of {@code data} in row-major order. @throws ShapeException when the counts differ */
    public static Tensor of(double[] data, long... shape) {
        var tensor = checkedEmpty("of", data.length, DType.FLOAT64, shape);
        if (data.length > 0) {
            new DoublePointer(tensor.raw.data_ptr_double()).put(data);
        }
        return tensor;
    }

    /** An int64 tensor of {@code data} in row-major order. @throws ShapeException when the counts differ */
    public static Tensor of(long[] data, long... shape) {
        var tensor = checkedEmpty("of", data.length, DType.INT64, shape);
        if (data.length > 0) {
            new LongPointer(tensor.raw.data_ptr_long()).put(data);
        }
        return tensor;
    }

    /** An int32 tensor of {@code data} in row-major order. @throws ShapeException when the counts differ */
    public static Tensor of(int[] data, long... shape) {
        var tensor = checkedEmpty("of", data.length, DType.INT32, shape);
        if (data.length > 0) {
            new IntPointer(tensor.raw.data_ptr_int()).put(data);
        }
        return tensor;
    }

    /** A uint8 tensor of {@code data}, each byte read as 0 to 255. @throws ShapeException when the counts differ */
    public static Tensor of(byte[] data, long... shape) {
        var tensor = checkedEmpty("of", data.length, DType.UINT8, shape);
        tensor.buffer().put(data);
        return tensor;
    }

    /** A bool tensor of {@code data}. @throws ShapeException when the counts differ */
    public static Tensor of(boolean[] data, long... shape) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) (data[i] ? 1 : 0);
        }
        return from(ByteBuffer.wrap(bytes), DType.BOOL, shape);
    }

    /** A float32 scalar: a tensor of no dimensions. */
    public static Tensor scalar(double value) {
        return full(value);
    }

    /**
     * A tensor with a copy of the rest of {@code data}, little-endian elements of {@code dtype} in row-major order.
     *
     * @throws ShapeException when the buffer's size is not that of the shape
     */
    public static Tensor from(ByteBuffer data, DType dtype, long... shape) {
        long expected = Math.multiplyExact(Shape.of(shape).numel(), (long) dtype.bytes());
        if (data.remaining() != expected) {
            throw new ShapeException("from: " + data.remaining() + " bytes do not make a " + dtype.torchName()
                    + " tensor of shape " + Shape.of(shape) + ": expected " + expected + " bytes.");
        }
        var tensor = empty(dtype, shape);
        tensor.buffer().put(data.duplicate());
        return tensor;
    }

    /** A tensor whose values are whatever the memory held: fill it before reading it. */
    public static Tensor empty(DType dtype, long... shape) {
        Shape.of(shape);
        return Native.call("empty", () -> torch.empty(shape, options(dtype), new MemoryFormatOptional()));
    }

    /** Zeros, float32. */
    public static Tensor zeros(long... shape) {
        return zeros(DType.FLOAT32, shape);
    }

    /** Zeros of the given element type. */
    public static Tensor zeros(DType dtype, long... shape) {
        Shape.of(shape);
        return Native.call("zeros", () -> torch.zeros(shape, options(dtype)));
    }

    /** Zeros with the shape, element type, device and order in memory of {@code like}. */
    public static Tensor zerosLike(Tensor like) {
        return Native.call("zerosLike", () -> torch.zeros_like(like.raw()));
    }

    /** Ones, float32. */
    public static Tensor ones(long... shape) {
        return full(1, shape);
    }

    /** The same value everywhere, float32. */
    public static Tensor full(double value, long... shape) {
        Shape.of(shape);
        return Native.call("full", () -> torch.full(shape, Native.scalar(value), options(DType.FLOAT32)));
    }

    /** Whole numbers from {@code start} (inclusive) to {@code end} (exclusive), int64. */
    public static Tensor arange(long start, long end) {
        return Native.call(
                "arange",
                () -> torch.arange(
                        new org.bytedeco.pytorch.Scalar(start),
                        new org.bytedeco.pytorch.Scalar(end),
                        options(DType.INT64)));
    }

    /** Numbers from {@code start} (inclusive) to {@code end} (exclusive) every {@code step}, float32. */
    public static Tensor arange(double start, double end, double step) {
        return Native.call(
                "arange",
                () -> torch.arange(
                        Native.scalar(start), Native.scalar(end), Native.scalar(step), options(DType.FLOAT32)));
    }

    /** {@code steps} evenly spaced float32 values from {@code start} to {@code end}, both included. */
    public static Tensor linspace(double start, double end, long steps) {
        return Native.call(
                "linspace",
                () -> torch.linspace(Native.scalar(start), Native.scalar(end), steps, options(DType.FLOAT32)));
    }

    /** The identity matrix {@code [n, n]}, float32. */
    public static Tensor eye(long n) {
        return Native.call("eye", () -> torch.eye(n, options(DType.FLOAT32)));
    }

    /** Ones on the diagonal of zeros {@code [rows, columns]}, float32. */
    public static Tensor eye(long rows, long columns) {
        return Native.call("eye", () -> torch.eye(rows, columns, options(DType.FLOAT32)));
    }

    /**
     * Sums of products by Einstein's notation, such as {@code "ij,jk->ik"} for a product of matrices.
     *
     * @throws NativeException when the equation does not fit the shapes
     */
    public static Tensor einsum(String equation, Tensor... operands) {
        return Native.call("einsum", () -> torch.einsum(equation, Native.vector(List.of(operands))));
    }

    /** Normal values with mean 0 and standard deviation 1, float32. */
    public static Tensor randn(Rng rng, long... shape) {
        return zeros(shape).normal_(0, 1, rng);
    }

    /** Uniform values in {@code [0, 1)}, float32. */
    public static Tensor rand(Rng rng, long... shape) {
        return zeros(shape).uniform_(0, 1, rng);
    }

    /** The tensors one after the other along {@code dim}. @throws ShapeException when other sizes differ */
    public static Tensor cat(List<Tensor> tensors, int dim) {
        return Shaping.cat(tensors, dim);
    }

    /** The tensors along a new dimension. @throws ShapeException when shapes differ */
    public static Tensor stack(List<Tensor> tensors, int dim) {
        return Shaping.stack(tensors, dim);
    }

    // ---- what it is

    /** The sizes of the dimensions. */
    public Shape shape() {
        int dims = dim();
        long[] sizes = new long[dims];
        for (int i = 0; i < dims; i++) {
            sizes[i] = raw().size(i);
        }
        return Shape.of(sizes);
    }

    /** The size of one dimension; negative dimensions count from the end. */
    public long size(int dim) {
        return shape().size(dim);
    }

    /** The number of dimensions. */
    public int dim() {
        return (int) raw().dim();
    }

    /** The number of elements. */
    public long numel() {
        return raw().numel();
    }

    /** The type of the elements. */
    public DType dtype() {
        return DTypes.from(raw().scalar_type().intern());
    }

    /** Where the values are. */
    public Device device() {
        return Native.run("device", () -> {
            var device = raw().device();
            String type = device.is_cuda() ? "cuda" : device.is_mps() ? "mps" : "cpu";
            return new Device(type, Math.max(0, device.index()));
        });
    }

    /** True when the elements lie in row-major order without gaps. */
    public boolean isContiguous() {
        return raw().is_contiguous();
    }

    // ---- moves

    /** This tensor with elements of {@code dtype}; itself when it has them already. */
    public Tensor to(DType dtype) {
        return dtype == dtype() ? this : Native.call("to", () -> raw().to(DTypes.toNative(dtype)));
    }

    /** This tensor on {@code device}; itself when it is there already. */
    public Tensor to(Device device) {
        if (device.equals(device())) {
            return this;
        }
        return Native.call(
                "to",
                () -> raw().to(
                                options(dtype()).device(new DeviceOptional(device.toNative())),
                                false,
                                false,
                                new MemoryFormatOptional()));
    }

    /** A copy with values of its own, in the same order in memory; differentiable. */
    public Tensor copy() {
        return Native.call("clone", () -> raw().clone());
    }

    /** This tensor in row-major order without gaps; itself when it is so already. */
    public Tensor contiguous() {
        return isContiguous() ? this : Native.call("contiguous", () -> raw().contiguous());
    }

    /** This {@code [N, C, H, W]} tensor with the channels next to each other in memory, the fast order for convolutions. */
    public Tensor channelsLast() {
        if (dim() != 4) {
            throw new ShapeException("channelsLast: expected 4 dimensions [N, C, H, W], received " + shape() + ".");
        }
        return raw().is_contiguous(torch.MemoryFormat.ChannelsLast)
                ? this
                : Native.call("contiguous", () -> raw().contiguous(torch.MemoryFormat.ChannelsLast));
    }

    // ---- values out

    /** The single element. @throws ShapeException when there is not exactly one */
    public double item() {
        if (numel() != 1) {
            throw new ShapeException("item: expected a tensor of one element, received shape " + shape()
                    + ". Maybe reduce it first, with mean() or sum().");
        }
        return dtype().isFloatingPoint() ? raw().item_double() : raw().item_long();
    }

    /** The elements in row-major order, converted to float. */
    public float[] toFloatArray() {
        try (var scope = Scope.open()) {
            var values = to(DType.FLOAT32).to(Device.cpu()).contiguous();
            float[] out = new float[count()];
            if (out.length > 0) {
                new FloatPointer(values.raw.data_ptr_float()).get(out);
            }
            return out;
        }
    }

    /** The elements in row-major order, converted to double. */
    public double[] toDoubleArray() {
        try (var scope = Scope.open()) {
            var values = to(DType.FLOAT64).to(Device.cpu()).contiguous();
            double[] out = new double[count()];
            if (out.length > 0) {
                new DoublePointer(values.raw.data_ptr_double()).get(out);
            }
            return out;
        }
    }

    /** The elements in row-major order, converted to long. */
    public long[] toLongArray() {
        try (var scope = Scope.open()) {
            var values = to(DType.INT64).to(Device.cpu()).contiguous();
            long[] out = new long[count()];
            if (out.length > 0) {
                new LongPointer(values.raw.data_ptr_long()).get(out);
            }
            return out;
        }
    }

    /** The bytes of the elements in row-major order, little-endian, of this tensor's own type. */
    public byte[] toByteArray() {
        try (var scope = Scope.open()) {
            var values = to(Device.cpu()).contiguous();
            byte[] out = new byte[Math.toIntExact(raw.nbytes())];
            values.buffer().get(out);
            return out;
        }
    }

    /**
     * A view of the memory of this contiguous tensor on the CPU, little-endian: writing to it changes the tensor.
     * Valid while the tensor lives. At most 2 GB.
     */
    public ByteBuffer buffer() {
        if (!isContiguous()) {
            throw new ShapeException(
                    "buffer: the tensor of shape " + shape() + " is not contiguous. Maybe call contiguous().");
        }
        ByteBuffer view = numel() == 0 ? ByteBuffer.allocateDirect(0) : bytes().asByteBuffer();
        return view.order(ByteOrder.LITTLE_ENDIAN);
    }

    // ---- differentiation

    /** True when gradients are wanted for this tensor or something that it was computed from. */
    public boolean requiresGrad() {
        return raw().requires_grad();
    }

    /** The name of the operation that computed this, such as {@code MulBackward0}; empty for leaves. */
    String gradFunction() {
        return Native.run("gradFunction", () -> {
            var node = raw().grad_fn();
            return node == null || node.isNull() ? "" : node.name().getString();
        });
    }

    /** Says whether {@link #backward} shall compute a gradient for this tensor; gives itself. */
    public Tensor requiresGrad(boolean required) {
        if (required && !dtype().isFloatingPoint()) {
            throw new IllegalArgumentException("requiresGrad: only floating-point tensors have gradients, received "
                    + dtype().torchName() + ". Maybe convert it with to(DType.FLOAT32).");
        }
        raw().set_requires_grad(required);
        return this;
    }

    /**
     * Computes the gradients of this scalar for every tensor it was computed from that requires one, and adds
     * them to those tensors' {@link #grad}.
     *
     * @throws ShapeException when this is not a scalar
     */
    public void backward() {
        if (numel() != 1) {
            throw new ShapeException("backward: expected a scalar, received shape " + shape()
                    + ". Maybe reduce it with mean() or sum().");
        }
        if (!requiresGrad()) {
            throw new IllegalStateException("backward: nothing that this tensor was computed from requires a gradient."
                    + " Maybe everything is frozen, or it was computed under Grad.off().");
        }
        Native.inPlace("backward", this, () -> raw().backward());
    }

    /** The gradient that {@link #backward} added up; empty before, and after {@link #clearGrad}. */
    public Optional<Tensor> grad() {
        return Native.run("grad", () -> {
            var reference = raw().mutable_grad();
            return reference.defined() ? Optional.of(Native.takeCopy(reference)) : Optional.empty();
        });
    }

    /** Makes {@code gradient} the gradient of this tensor. */
    public void setGrad(Tensor gradient) {
        Native.run("grad", () -> raw().mutable_grad().put(gradient.raw()));
    }

    /** Forgets the gradient. */
    public void clearGrad() {
        Native.run("grad", () -> raw().mutable_grad().put(new org.bytedeco.pytorch.Tensor()));
    }

    /** Makes this tensor hold {@code other}'s values in their layout, type and device, keeping its identity; {@code x.data = other}. */
    public void setData(Tensor other) {
        Native.inPlace("setData", this, () -> raw().__dispatch_set_data(other.raw()));
    }

    /** The same values, cut off from how they were computed; shares memory. */
    public Tensor detach() {
        return Native.call("detach", () -> raw().detach());
    }

    // ---- life

    /** Frees the native memory now. Scopes do it otherwise; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (!freed) {
            freed = true;
            if (!kept) {
                Scope.count(-1);
            }
            raw.releaseReference();
        }
    }

    /** True after {@link #close} or the end of the scope. */
    public boolean isClosed() {
        return freed;
    }

    synchronized void keep() {
        owner = null;
        if (!kept && !freed) {
            kept = true;
            Scope.count(-1);
        }
    }

    synchronized void moveTo(Scope scope) {
        owner = scope;
        if (kept && !freed) {
            kept = false;
            Scope.count(1);
        }
    }

    synchronized void leave(Scope scope) {
        if (owner == scope) {
            close();
        }
    }

    org.bytedeco.pytorch.Tensor raw() {
        if (freed) {
            throw new IllegalStateException(
                    "this tensor was freed at the end of its scope. Maybe keep it with Scope.keep.");
        }
        return raw;
    }

    /** As PyTorch prints it, with four digits and the middle of long dimensions left out. */
    @Override
    public String toString() {
        return freed ? "tensor(freed)" : TensorPrinter.print(this);
    }

    static TensorOptions options(DType dtype) {
        return new TensorOptions(DTypes.toNative(dtype));
    }

    static List<Tensor> takeAll(org.bytedeco.pytorch.TensorVector vector) {
        var tensors = new ArrayList<Tensor>();
        for (long i = 0; i < vector.size(); i++) {
            tensors.add(Native.takeCopy(vector.get(i)));
        }
        return List.copyOf(tensors);
    }

    private BytePointer bytes() {
        Pointer data = raw().data_ptr();
        return new BytePointer(data).capacity(raw().nbytes());
    }

    private int count() {
        return Math.toIntExact(numel());
    }

    private static Tensor checkedEmpty(String op, int count, DType dtype, long... shape) {
        if (Shape.of(shape).numel() != count) {
            throw new ShapeException(op + ": " + count + " values do not fill shape " + Shape.of(shape) + ": expected "
                    + Shape.of(shape).numel() + ". Maybe the shape is missing: of(data, n).");
        }
        return empty(dtype, shape);
    }
}
