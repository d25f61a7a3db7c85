package espalier.format;

import java.util.Locale;

/** The type of a tensor's elements, named as PyTorch names it. */
public enum DType {
    /** True or false, one byte each. */
    BOOL(1),
    /** Whole numbers from 0 to 255; pictures are of this type until the batch. */
    UINT8(1),
    /** Whole numbers of 8 bits with sign. */
    INT8(1),
    /** Whole numbers of 16 bits with sign. */
    INT16(2),
    /** Whole numbers of 32 bits with sign. */
    INT32(4),
    /** Whole numbers of 64 bits with sign; labels and indices are of this type. */
    INT64(8),
    /** IEEE half precision: 5 bits of exponent, 10 of fraction. */
    FLOAT16(2),
    /** Brain float: the upper half of a float32, 8 bits of exponent, 7 of fraction. */
    BFLOAT16(2),
    /** IEEE single precision, the type of parameters. */
    FLOAT32(4),
    /** IEEE double precision. */
    FLOAT64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one element in bytes: 1, 2, 4 or 8. */
    public int bytes() {
        return bytes;
    }

    /** The name in PyTorch without its prefix, such as {@code "float32"}. */
    public String torchName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether elements are floating-point numbers, so that gradients can flow through them. */
    public boolean isFloatingPoint() {
        return this == FLOAT16 || this == BFLOAT16 || this == FLOAT32 || this == FLOAT64;
    }
}
