package espalier.tensor;

import espalier.format.DType;
import org.jspecify.annotations.Nullable;

/**
 * One part of an index expression, for {@link Tensor#get}: {@code x[2, 1:5, None, ids]} is
 * {@code x.get(Index.at(2), Index.slice(1, 5), Index.newAxis(), Index.of(ids))}.
 */
public final class Index {
    enum Kind {
        AT,
        SLICE,
        NEW_AXIS,
        TENSOR
    }

    final Kind kind;
    final long start;
    final long end;
    final long step;
    final @Nullable Tensor tensor;

    private Index(Kind kind, long start, long end, long step, @Nullable Tensor tensor) {
        this.kind = kind;
        this.start = start;
        this.end = end;
        this.step = step;
        this.tensor = tensor;
    }

    /** Everything of a dimension: {@code :}. */
    public static Index all() {
        return slice(0, Long.MAX_VALUE);
    }

    /** One position; the dimension goes away. Negative positions count from the end. */
    public static Index at(long position) {
        return new Index(Kind.AT, position, 0, 1, null);
    }

    /** Positions from {@code start} up to, not including, {@code end}: {@code start:end}. Negative ones count from the end. */
    public static Index slice(long start, long end) {
        return slice(start, end, 1);
    }

    /** Every {@code step}-th position: {@code start:end:step}. @throws IllegalArgumentException when the step is not positive */
    public static Index slice(long start, long end, long step) {
        if (step <= 0) {
            throw new IllegalArgumentException(
                    "slice: step must be positive, received " + step + ". Maybe use flip(dim).");
        }
        return new Index(Kind.SLICE, start, end, step, null);
    }

    /** A new dimension of size 1: {@code None}. */
    public static Index newAxis() {
        return new Index(Kind.NEW_AXIS, 0, 0, 1, null);
    }

    /** Chosen positions (int64), or the true ones of a mask (bool). */
    public static Index of(Tensor positions) {
        if (positions.dtype() != DType.BOOL) {
            Operands.indices("index", positions);
        }
        return new Index(Kind.TENSOR, 0, 0, 1, positions);
    }

    /** Chosen positions. */
    public static Index of(long... positions) {
        return of(Tensor.of(positions, positions.length));
    }
}
