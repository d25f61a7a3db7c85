package espalier.tensor;

import espalier.format.DType;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Map;

/** Java's nested arrays as tensors, and back. */
final class NestedArrays {
    private static final Map<Class<?>, DType> TYPES = Map.of(
            float.class, DType.FLOAT32,
            double.class, DType.FLOAT64,
            long.class, DType.INT64,
            int.class, DType.INT32,
            short.class, DType.INT16,
            byte.class, DType.UINT8,
            boolean.class, DType.BOOL);

    private NestedArrays() {}

    static Tensor tensor(Object array) {
        DType dtype = elementType(array.getClass());
        var sizes = new ArrayList<Long>();
        for (Object at = array; at.getClass().isArray(); at = Array.get(at, 0)) {
            sizes.add((long) Array.getLength(at));
            if (Array.getLength(at) == 0) {
                break;
            }
        }
        int levels = levels(array.getClass());
        while (sizes.size() < levels) {
            sizes.add(0L);
        }
        long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
        int count = Math.toIntExact(Shape.of(shape).numel() * dtype.bytes());
        var bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(bytes, array, shape, 0);
        return Tensor.from(bytes.flip(), dtype, shape);
    }

    private static void fill(ByteBuffer bytes, Object array, long[] shape, int level) {
        int length = Array.getLength(array);
        if (length != shape[level]) {
            throw new ShapeException("of: a nested array must be regular, but at level " + level + " one has "
                    + shape[level] + " elements and another " + length + ". Maybe pad the shorter ones.");
        }
        if (level + 1 < shape.length) {
            for (int i = 0; i < length; i++) {
                fill(bytes, Array.get(array, i), shape, level + 1);
            }
            return;
        }
        int at = bytes.position();
        if (array instanceof float[] values) {
            bytes.asFloatBuffer().put(values);
        } else if (array instanceof double[] values) {
            bytes.asDoubleBuffer().put(values);
        } else if (array instanceof long[] values) {
            bytes.asLongBuffer().put(values);
        } else if (array instanceof int[] values) {
            bytes.asIntBuffer().put(values);
        } else if (array instanceof short[] values) {
            bytes.asShortBuffer().put(values);
        } else if (array instanceof byte[] values) {
            bytes.duplicate().put(values);
        } else if (array instanceof boolean[] values) {
            for (int i = 0; i < length; i++) {
                bytes.put(at + i, (byte) (values[i] ? 1 : 0));
            }
        }
        bytes.position(at + length * elementType(array.getClass()).bytes());
    }

    static <T> T array(Tensor tensor, Class<T> type) {
        DType dtype = elementType(type);
        if (levels(type) != tensor.dim()) {
            throw new ShapeException("toNestedArray: " + type.getSimpleName() + " has " + levels(type)
                    + " levels, the tensor of shape " + tensor.shape() + " has " + tensor.dim()
                    + " dimensions. Maybe reshape it first.");
        }
        try (var scope = Scope.open()) {
            var bytes = ByteBuffer.wrap(tensor.to(dtype).toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
            return type.cast(read(bytes, type, tensor.shape(), 0));
        }
    }

    private static Object read(ByteBuffer bytes, Class<?> type, Shape shape, int level) {
        int length = Math.toIntExact(shape.size(level));
        var part = java.util.Objects.requireNonNull(type.getComponentType());
        Object array = Array.newInstance(part, length);
        for (int i = 0; i < length; i++) {
            Array.set(array, i, part.isArray() ? read(bytes, part, shape, level + 1) : element(bytes, part));
        }
        return array;
    }

    private static Object element(ByteBuffer bytes, Class<?> type) {
        return switch (java.util.Objects.requireNonNull(TYPES.get(type))) {
            case FLOAT32 -> bytes.getFloat();
            case FLOAT64 -> bytes.getDouble();
            case INT64 -> bytes.getLong();
            case INT32 -> bytes.getInt();
            case INT16 -> bytes.getShort();
            case BOOL -> bytes.get() != 0;
            default -> bytes.get();
        };
    }

    private static int levels(Class<?> type) {
        int levels = 0;
        for (Class<?> at = type; at != null && at.isArray(); at = at.getComponentType()) {
            levels++;
        }
        return levels;
    }

    private static DType elementType(Class<?> type) {
        Class<?> element = type;
        for (var at = type.getComponentType(); at != null; at = at.getComponentType()) {
            element = at;
        }
        var dtype = TYPES.get(element);
        if (!type.isArray() || dtype == null) {
            throw new IllegalArgumentException("expected a nested array of numbers or booleans, such as float[][],"
                    + " received " + type.getSimpleName() + ". Maybe use Tensor.scalar for one number.");
        }
        return dtype;
    }
}
