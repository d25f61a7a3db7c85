package espalier.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * The content of a tensor as it lies in a file: type, shape and little-endian bytes in row-major order.
 * Immutable, outside of libtorch, and safe to share between threads.
 */
public final class RawTensor {
    /** The most dimensions that a tensor of a file may have. */
    public static final int MAX_DIMS = 64;

    private final DType dtype;
    private final long[] shape;
    private final ByteBuffer data;

    private RawTensor(DType dtype, long[] shape, ByteBuffer data) {
        this.dtype = dtype;
        this.shape = shape;
        this.data = data;
    }

    /**
     * A tensor over the bytes of {@code data} from its position to its limit, which are not copied and must
     * not change afterwards.
     *
     * @throws IllegalArgumentException when the number of bytes is not the product of {@code shape} times the
     *     element size, or a dimension is negative
     */
    public static RawTensor of(DType dtype, long[] shape, ByteBuffer data) {
        long expected = byteCount(dtype, shape);
        if (data.remaining() != expected) {
            throw new IllegalArgumentException(
                    "a %s tensor of shape %s takes %d bytes, but got %d. Maybe the shape belongs to another tensor."
                            .formatted(dtype.torchName(), Arrays.toString(shape), expected, data.remaining()));
        }
        return new RawTensor(dtype, shape.clone(), data.slice().asReadOnlyBuffer());
    }

    /** A float32 tensor of the given shape with a copy of {@code values} in row-major order. */
    public static RawTensor of(float[] values, long... shape) {
        ByteBuffer data =
                ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return of(DType.FLOAT32, shape, data);
    }

    /** An int64 tensor of the given shape with a copy of {@code values} in row-major order. */
    public static RawTensor of(long[] values, long... shape) {
        ByteBuffer data =
                ByteBuffer.allocate(Math.multiplyExact(values.length, 8)).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return of(DType.INT64, shape, data);
    }

    /** The type of the elements. */
    public DType dtype() {
        return dtype;
    }

    /** The shape, outermost dimension first; empty for a single number. */
    public long[] shape() {
        return shape.clone();
    }

    /** The number of elements: the product of the shape, 1 for an empty shape. */
    public int size() {
        return data.limit() / dtype.bytes();
    }

    /** The bytes, little-endian and read-only; each call gives a buffer with a position of its own. */
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements as floats in row-major order; int64, float64 and big int32 values are rounded. */
    public float[] floats() {
        float[] values = new float[size()];
        if (dtype == DType.FLOAT32) {
            data().asFloatBuffer().get(values);
        } else {
            ByteBuffer bytes = data();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) element(bytes, i);
            }
        }
        return values;
    }

    /** The sum of the elements in double precision, for comparing files. */
    public double sum() {
        ByteBuffer bytes = data();
        double sum = 0;
        for (int i = 0; i < size(); i++) {
            sum += element(bytes, i);
        }
        return sum;
    }

    /** Whether no element is NaN or infinite; always true for whole numbers. */
    public boolean isFinite() {
        if (!dtype.isFloatingPoint()) {
            return true;
        }
        ByteBuffer bytes = data();
        for (int i = 0; i < size(); i++) {
            if (!Double.isFinite(element(bytes, i))) {
                return false;
            }
        }
        return true;
    }

    private double element(ByteBuffer bytes, int i) {
        return switch (dtype) {
            case BOOL -> bytes.get(i) == 0 ? 0 : 1;
            case UINT8 -> bytes.get(i) & 0xff;
            case INT8 -> bytes.get(i);
            case INT16 -> bytes.getShort(2 * i);
            case INT32 -> bytes.getInt(4 * i);
            case INT64 -> bytes.getLong(8 * i);
            case FLOAT16 -> half(bytes.getShort(2 * i));
            case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
            case FLOAT32 -> bytes.getFloat(4 * i);
            case FLOAT64 -> bytes.getDouble(8 * i);
        };
    }

    /** IEEE 754 binary16; Java 17 has no conversion of its own. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float size;
        if (exponent == 0x1f) {
            size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            size = Math.scalb((float) fraction, -24);
        } else {
            size = Math.scalb((float) (fraction | 0x400), exponent - 25);
        }
        return bits < 0 ? -size : size;
    }

    /**
     * The number of bytes that a tensor takes.
     *
     * @throws IllegalArgumentException when a dimension is negative or the product overflows
     */
    public static long byteCount(DType dtype, long[] shape) {
        try {
            long count = dtype.bytes();
            boolean empty = false;
            for (long dim : shape) {
                if (dim < 0) {
                    throw new IllegalArgumentException("the shape " + Arrays.toString(shape)
                            + " has a negative dimension. Maybe the file is damaged.");
                }
                empty |= dim == 0;
                count = Math.multiplyExact(count, Math.max(dim, 1));
            }
            return empty ? 0 : count;
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(
                    "the shape " + Arrays.toString(shape)
                            + " has more elements than can be counted. Maybe the file is damaged.",
                    overflow);
        }
    }

    @Override
    public String toString() {
        return dtype.name().toLowerCase(Locale.ROOT) + Arrays.toString(shape);
    }
}
