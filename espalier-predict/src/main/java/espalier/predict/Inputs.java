package espalier.predict;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The inputs of one run of an {@link Engine}: plain elements in row-major order and their shape. The first dimension is the
 * batch.
 *
 * @param elements a {@link ByteBuffer} of unsigned bytes, a {@link FloatBuffer} or a {@link LongBuffer}, at position 0;
 *     engines read it without moving it
 * @param shape the sizes, such as {@code [N, H, W, 3]}
 */
public record Inputs(Buffer elements, List<Long> shape) {
    /** Checks that type and number of the elements fit. */
    public Inputs {
        shape = List.copyOf(shape);
        boolean known =
                elements instanceof ByteBuffer || elements instanceof FloatBuffer || elements instanceof LongBuffer;
        long count = shape.stream().reduce(1L, Math::multiplyExact);
        if (!known || shape.isEmpty() || elements.position() != 0 || elements.limit() != count) {
            throw new IllegalArgumentException("expected bytes, floats or longs of the shape " + shape + ", received "
                    + elements + ". Maybe rewind the buffer.");
        }
    }

    /** Unsigned bytes. */
    public static Inputs of(byte[] elements, long... shape) {
        return new Inputs(ByteBuffer.wrap(elements), boxed(shape));
    }

    /** Floats. */
    public static Inputs of(float[] elements, long... shape) {
        return new Inputs(FloatBuffer.wrap(elements), boxed(shape));
    }

    /** Whole numbers, such as those of tokens. */
    public static Inputs of(long[] elements, long... shape) {
        return new Inputs(LongBuffer.wrap(elements), boxed(shape));
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    /** The number of inputs: the first size. */
    public int count() {
        return Math.toIntExact(shape.get(0));
    }

    /** The size of one dimension. */
    public int size(int dim) {
        return Math.toIntExact(shape.get(dim));
    }
}
