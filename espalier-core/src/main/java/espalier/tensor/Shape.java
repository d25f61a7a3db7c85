package espalier.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The sizes of a tensor's dimensions. Immutable. */
public final class Shape {
    private final long[] sizes;

    private Shape(long[] sizes) {
        this.sizes = sizes;
    }

    /**
     * A shape with the given sizes; none for a scalar.
     *
     * @throws ShapeException when a size is negative or the number of elements exceeds 63 bits
     */
    public static Shape of(long... sizes) {
        var shape = new Shape(sizes.clone());
        for (long size : sizes) {
            if (size < 0) {
                throw new ShapeException("a size must not be negative: " + shape
                        + ". Maybe -1 was meant, which only view and reshape know.");
            }
        }
        shape.numel();
        return shape;
    }

    /** The number of dimensions. */
    public int dim() {
        return sizes.length;
    }

    /** The size of one dimension; negative dimensions count from the end. */
    public long size(int dim) {
        return sizes[axis("size", dim)];
    }

    /** The sizes, as a new array. */
    public long[] sizes() {
        return sizes.clone();
    }

    /** The number of elements: the product of the sizes, 1 for a scalar. */
    public long numel() {
        long product = 1;
        for (long size : sizes) {
            if (size == 0) {
                return 0;
            }
        }
        try {
            for (long size : sizes) {
                product = Math.multiplyExact(product, size);
            }
        } catch (ArithmeticException overflow) {
            throw new ShapeException("too many elements for 63 bits: " + this + ". Maybe a size is in another unit.");
        }
        return product;
    }

    /**
     * The shape of an elementwise result of this and {@code other}: sizes are compared from the last dimension,
     * and must be equal or 1.
     *
     * @throws ShapeException when they are not
     */
    public Shape broadcast(Shape other) {
        return broadcast("broadcast", other);
    }

    Shape broadcast(String op, Shape other) {
        int dims = Math.max(dim(), other.dim());
        long[] result = new long[dims];
        for (int i = 1; i <= dims; i++) {
            long a = i <= dim() ? sizes[dim() - i] : 1;
            long b = i <= other.dim() ? other.sizes[other.dim() - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw new ShapeException(
                        op + ": shapes " + this + " and " + other + " do not fit: sizes " + a + " and " + b
                                + " at dimension " + (dims - i) + " must be equal, or one of them 1."
                                + " Maybe a dimension is missing (unsqueeze) or in another place (transpose).");
            }
            result[dims - i] = a == 1 ? b : a;
        }
        return new Shape(result);
    }

    /** The index of {@code dim} counted from the start. */
    int axis(String op, int dim) {
        int dims = Math.max(sizes.length, 1);
        if (dim < -dims || dim >= dims) {
            throw new ShapeException(op + ": dimension " + dim + " does not exist in shape " + this + ": expected "
                    + -dims + " to " + (dims - 1) + ". Maybe a dimension is missing: they count from 0.");
        }
        return dim < 0 ? dim + dims : dim;
    }

    /** The shape that {@code wanted} means for this many elements: at most one -1 is filled in. */
    Shape reshaped(String op, long... wanted) {
        long known = 1;
        int free = -1;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] == -1 && free < 0) {
                free = i;
            } else if (wanted[i] < 0) {
                throw new ShapeException(op + ": sizes must not be negative, but for one -1: received "
                        + Arrays.toString(wanted) + ". Maybe give all sizes but one.");
            } else {
                known = Math.multiplyExact(known, wanted[i]);
            }
        }
        long[] result = wanted.clone();
        boolean fits = free < 0 ? known == numel() : known != 0 && numel() % known == 0;
        if (!fits) {
            throw new ShapeException(op + ": shape " + this + " with " + numel() + " elements cannot become "
                    + Arrays.toString(wanted) + ". Maybe the first dimension is the batch: use -1 for it.");
        }
        if (free >= 0) {
            result[free] = numel() / known;
        }
        return new Shape(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(sizes, that.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** As PyTorch writes it: {@code [2, 3]}. */
    @Override
    public String toString() {
        return LongStream.of(sizes).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
