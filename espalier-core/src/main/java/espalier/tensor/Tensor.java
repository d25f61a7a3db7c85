package espalier.tensor;

import espalier.format.DType;
import espalier.rng.Rng;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
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
                Alike,
                Differentiation,
                Values,
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

    /** A float32 matrix of {@code rows}. @throws ShapeException when their lengths differ */
    public static Tensor of(float[][] rows) {
        return NestedArrays.tensor(rows);
    }

    /**
     * A tensor of a nested array of any depth, such as {@code double[][][]}: float32 of {@code float}, float64 of
     * {@code double}, int64 of {@code long}, int32 of {@code int}, uint8 of {@code byte}, bool of {@code boolean}.
     *
     * @throws ShapeException when arrays of one level differ in length
     * @throws IllegalArgumentException when it is not an array of these
     */
    public static Tensor ofNested(Object array) {
        return NestedArrays.tensor(array);
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
        Operands.bytes("from", data.remaining(), dtype, Shape.of(shape));
        var tensor = empty(dtype, shape);
        tensor.buffer().put(data.duplicate());
        return tensor;
    }

    /**
     * A tensor over the rest of a direct buffer, little-endian elements of {@code dtype} in row-major order, without a
     * copy: writing to one changes the other. The buffer is kept alive for as long as anything uses its memory.
     *
     * @throws IllegalArgumentException when the buffer is not direct or does not start at a whole element
     * @throws ShapeException when the buffer's size is not that of the shape
     */
    public static Tensor over(ByteBuffer direct, DType dtype, long... shape) {
        return DirectMemory.tensor(direct, dtype, shape);
    }

    /** A tensor of an {@code .npy} file, as {@code numpy.save} and {@link #save} write it. @see NumPy */
    public static Tensor load(Path file) {
        return NumPy.load(file);
    }

    /** A tensor whose values are whatever the memory held: fill it before reading it. */
    public static Tensor empty(DType dtype, long... shape) {
        Shape.of(shape);
        return Native.call("empty", () -> torch.empty(shape, options(dtype), new MemoryFormatOptional()));
    }

    /** The same on {@code device}. */
    public static Tensor empty(DType dtype, Device device, long... shape) {
        Shape.of(shape);
        return Native.call("empty", () -> torch.empty(shape, options(dtype, device), new MemoryFormatOptional()));
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

    /** Zeros of the given element type on {@code device}. */
    public static Tensor zeros(DType dtype, Device device, long... shape) {
        Shape.of(shape);
        return Native.call("zeros", () -> torch.zeros(shape, options(dtype, device)));
    }

    /** Zeros with the shape, element type, device and order in memory of {@code like}. */
    public static Tensor zerosLike(Tensor like) {
        return Native.call("zerosLike", () -> torch.zeros_like(like.raw()));
    }

    /** Ones, float32. */
    public static Tensor ones(long... shape) {
        return full(1, shape);
    }

    /** Ones with the shape, element type, device and order in memory of {@code like}. */
    public static Tensor onesLike(Tensor like) {
        return Native.call("onesLike", () -> torch.ones_like(like.raw()));
    }

    /** The same value everywhere, with the shape, element type, device and order in memory of {@code like}. */
    public static Tensor fullLike(Tensor like, double value) {
        return Native.call("fullLike", () -> torch.full_like(like.raw(), Native.scalar(like, value)));
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

    /** Whole numbers from {@code low} (inclusive) to {@code high} (exclusive), each as likely, int64. */
    public static Tensor randint(Rng rng, long low, long high, long... shape) {
        return Drawing.randint(rng, low, high, shape);
    }

    /** The numbers from 0 to {@code n - 1} in a random order, int64. */
    public static Tensor randperm(Rng rng, long n) {
        return Drawing.randperm(rng, n);
    }

    /** The coordinates of a grid, one tensor for each axis, the first axis varying along dimension 0. @shape each {@code [N]} */
    public static List<Tensor> meshgrid(Tensor... axes) {
        return Shaping.meshgrid(List.of(axes));
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
            sizes[i] = alive().size(i);
        }
        return Shape.of(sizes);
    }

    /** The size of one dimension; negative dimensions count from the end. */
    public long size(int dim) {
        return shape().size(dim);
    }

    /** The number of dimensions. */
    public int dim() {
        return (int) alive().dim();
    }

    /** The number of elements. */
    public long numel() {
        return alive().numel();
    }

    /** The type of the elements. */
    public DType dtype() {
        return DTypes.from(alive().scalar_type().intern());
    }

    /** Where the values are. */
    public Device device() {
        return Native.run("device", () -> {
            var device = alive().device();
            String type = device.is_cuda() ? "cuda" : device.is_mps() ? "mps" : device.is_meta() ? "meta" : "cpu";
            return new Device(type, Math.max(0, device.index()));
        });
    }

    /** True when the elements lie in row-major order without gaps. */
    public boolean isContiguous() {
        return alive().is_contiguous();
    }

    // ---- moves

    /** This tensor with elements of {@code dtype}; itself when it has them already. */
    public Tensor to(DType dtype) {
        return dtype == dtype() ? this : Native.call("to", () -> raw().to(DTypes.toNative(dtype)), dtype);
    }

    /** This tensor on {@code device}; itself when it is there already. */
    public Tensor to(Device device) {
        if (device.equals(device())) {
            return this;
        }
        device.check("to");
        return Native.call("to", () -> raw().to(options(dtype(), device), false, false, new MemoryFormatOptional()));
    }

    /**
     * The same as {@link #to(Device)}, but without waiting for the end of the copy where it is from pinned memory to a CUDA device;
     * {@code to(device, non_blocking=True)}. What computes with the result there waits by itself.
     */
    public Tensor toAsync(Device device) {
        if (device.equals(device())) {
            return this;
        }
        device.check("toAsync");
        return Native.call("to", () -> raw().to(options(dtype(), device), true, false, new MemoryFormatOptional()));
    }

    /**
     * This tensor in page-locked main memory, from which a graphics card reads by itself; itself when it is there already.
     *
     * @throws NativeException where there is no graphics card, as in PyTorch
     */
    public Tensor pinMemory() {
        return isPinned() ? this : Native.call("pinMemory", () -> raw().pin_memory());
    }

    /** Whether this is in page-locked main memory. */
    public boolean isPinned() {
        return Native.run("isPinned", () -> alive().is_pinned());
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
            throw new ShapeException("channelsLast: expected 4 dimensions [N, C, H, W], received " + shape()
                    + ". Maybe the batch dimension is missing: unsqueeze(0).");
        }
        return alive().is_contiguous(torch.MemoryFormat.ChannelsLast)
                ? this
                : Native.call("contiguous", () -> raw().contiguous(torch.MemoryFormat.ChannelsLast));
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

    /** The native tensor as something that an operation works on. */
    org.bytedeco.pytorch.Tensor raw() {
        Tape tape = Tape.current();
        if (tape != null) {
            tape.touch(this);
        }
        return alive();
    }

    /** True when writing to one of the two changes the other. */
    boolean sharesMemory(Tensor other) {
        return alive().is_alias_of(other.alive());
    }

    /** The native tensor as something that is only looked at. */
    org.bytedeco.pytorch.Tensor alive() {
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

    private static TensorOptions options(DType dtype, Device device) {
        return options(dtype).device(new DeviceOptional(device.toNative()));
    }

    static List<Tensor> takeAll(org.bytedeco.pytorch.TensorVector vector) {
        var tensors = new ArrayList<Tensor>();
        for (long i = 0; i < vector.size(); i++) {
            tensors.add(Native.takeCopy(vector.get(i)));
        }
        return List.copyOf(tensors);
    }

    private static Tensor checkedEmpty(String op, int count, DType dtype, long... shape) {
        if (Shape.of(shape).numel() != count) {
            throw new ShapeException(op + ": " + count + " values do not fill shape " + Shape.of(shape) + ": expected "
                    + Shape.of(shape).numel() + ". Maybe the shape is missing: of(data, n).");
        }
        return empty(dtype, shape);
    }
}
