package espalier.tensor;

import espalier.format.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/** The ways from a tensor to Java's own numbers, arrays and files. */
interface Values {
    /** The single element. @throws ShapeException when there is not exactly one */
    default double item() {
        var self = (Tensor) this;
        if (self.numel() != 1) {
            throw new ShapeException("item: expected a tensor of one element, received shape " + self.shape()
                    + ". Maybe reduce it first, with mean() or sum().");
        }
        return self.dtype().isFloatingPoint()
                ? self.raw().item_double()
                : self.raw().item_long();
    }

    /** The elements in row-major order, converted to float. */
    default float[] toFloatArray() {
        try (var scope = Scope.open()) {
            var values = inMemory(DType.FLOAT32);
            float[] out = new float[Math.toIntExact(values.numel())];
            if (out.length > 0) {
                new FloatPointer(values.raw().data_ptr_float()).get(out);
            }
            return out;
        }
    }

    /** The elements in row-major order, converted to double. */
    default double[] toDoubleArray() {
        try (var scope = Scope.open()) {
            var values = inMemory(DType.FLOAT64);
            double[] out = new double[Math.toIntExact(values.numel())];
            if (out.length > 0) {
                new DoublePointer(values.raw().data_ptr_double()).get(out);
            }
            return out;
        }
    }

    /** The elements in row-major order, converted to long. */
    default long[] toLongArray() {
        try (var scope = Scope.open()) {
            var values = inMemory(DType.INT64);
            long[] out = new long[Math.toIntExact(values.numel())];
            if (out.length > 0) {
                new LongPointer(values.raw().data_ptr_long()).get(out);
            }
            return out;
        }
    }

    /** The bytes of the elements in row-major order, little-endian, of this tensor's own type. */
    default byte[] toByteArray() {
        try (var scope = Scope.open()) {
            var values = inMemory(((Tensor) this).dtype());
            byte[] out = new byte[Math.toIntExact(values.raw().nbytes())];
            values.buffer().get(out);
            return out;
        }
    }

    /**
     * The elements as a nested array with one level for each dimension, such as
     * {@code x.toNestedArray(float[][].class)}; converted to the array's element type.
     *
     * @throws ShapeException when the array type has another number of levels
     */
    default <T> T toNestedArray(Class<T> type) {
        return NestedArrays.array((Tensor) this, type);
    }

    /**
     * A view of the memory of this contiguous tensor on the CPU, little-endian: writing to it changes the tensor.
     * Valid while the tensor lives. At most 2 GB.
     */
    default ByteBuffer buffer() {
        var self = (Tensor) this;
        if (!self.isContiguous()) {
            throw new ShapeException(
                    "buffer: the tensor of shape " + self.shape() + " is not contiguous. Maybe call contiguous().");
        }
        if (self.numel() == 0) {
            return ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        var bytes = new BytePointer(self.raw().data_ptr()).capacity(self.alive().nbytes());
        return bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes an {@code .npy} file, which {@code numpy.load} and {@link Tensor#load} read. @see NumPy */
    default void save(Path file) {
        NumPy.save(file, (Tensor) this);
    }

    private Tensor inMemory(DType dtype) {
        return ((Tensor) this).to(dtype).to(Device.cpu()).contiguous();
    }
}
