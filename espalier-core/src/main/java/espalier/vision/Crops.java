package espalier.vision;

import espalier.tensor.Functional;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** Parts of pictures that are tensors {@code [..., C, H, W]}, and frames around them, as torchvision's functions of these names. */
public final class Crops {
    private Crops() {}

    /** How {@link #pad} fills the frame. */
    public enum Fill {
        /** With one value. */
        CONSTANT,
        /** With the nearest pixel of the border. */
        EDGE,
        /** As if mirrored at the border, which is not repeated. */
        REFLECT,
        /** As if mirrored at the border, which is repeated. */
        SYMMETRIC
    }

    /** The rectangle from row {@code top} and column {@code left}. @throws ShapeException when it is not inside */
    public static Tensor crop(Tensor x, long top, long left, long height, long width) {
        check("crop", x);
        if (top < 0 || left < 0 || height < 1 || width < 1 || top + height > x.size(-2) || left + width > x.size(-1)) {
            throw new ShapeException("crop: " + height + " by " + width + " pixels from row " + top + " and column "
                    + left + " are not inside of a picture of shape " + x.shape() + ". Maybe pad it first.");
        }
        return x.narrow(-2, top, height).narrow(-1, left, width);
    }

    /** The rectangle in the middle. @throws ShapeException when the picture is smaller */
    public static Tensor center(Tensor x, long height, long width) {
        check("centerCrop", x);
        long top = (long) Math.rint((x.size(-2) - height) / 2.0);
        long left = (long) Math.rint((x.size(-1) - width) / 2.0);
        return crop(x, top, left, height, width);
    }

    /** The four corners and the middle. @shape {@code [..., C, H, W]} to {@code [5, ..., C, height, width]} */
    public static Tensor five(Tensor x, long height, long width) {
        check("fiveCrop", x);
        long down = x.size(-2) - height;
        long right = x.size(-1) - width;
        return Tensor.stack(
                List.of(
                        crop(x, 0, 0, height, width),
                        crop(x, 0, right, height, width),
                        crop(x, down, 0, height, width),
                        crop(x, down, right, height, width),
                        center(x, height, width)),
                0);
    }

    /** {@link #five}, and the same of the picture with left and right exchanged. @shape to {@code [10, ..., C, height, width]} */
    public static Tensor ten(Tensor x, long height, long width) {
        return Tensor.cat(List.of(five(x, height, width), five(x.flip(-1), height, width)), 0);
    }

    /** A frame of {@code value} around the picture; the widths are in pixels. */
    public static Tensor pad(Tensor x, int left, int top, int right, int bottom, double value) {
        check("pad", x);
        checkSides(left, top, right, bottom);
        return Functional.padConstant(x, value, left, right, top, bottom);
    }

    /** A frame of the picture's own pixels around it; {@code CONSTANT} is zeros. @throws ShapeException when it is too wide */
    public static Tensor pad(Tensor x, int left, int top, int right, int bottom, Fill fill) {
        if (fill == Fill.CONSTANT) {
            return pad(x, left, top, right, bottom, 0);
        }
        check("pad", x);
        checkSides(left, top, right, bottom);
        Tensor rows = x.indexSelect(-2, sources((int) x.size(-2), top, bottom, fill));
        return rows.indexSelect(-1, sources((int) x.size(-1), left, right, fill));
    }

    /** For each line of the result, the line that it shows. */
    private static Tensor sources(int size, int before, int after, Fill fill) {
        int most = fill == Fill.REFLECT ? size - 1 : fill == Fill.SYMMETRIC ? size : Integer.MAX_VALUE;
        if (before > most || after > most) {
            throw new ShapeException("pad: a mirrored frame can be " + most + " pixels wide for a side of " + size
                    + ", received " + before + " and " + after + ". Maybe fill it with the EDGE.");
        }
        int twice = fill == Fill.REFLECT ? 2 * size - 2 : 2 * size - 1;
        long[] sources = IntStream.range(-before, size + after)
                .mapToLong(at -> switch (fill) {
                    case REFLECT -> at < 0 ? -at : at < size ? at : twice - at;
                    case SYMMETRIC -> at < 0 ? -at - 1 : at < size ? at : twice - at;
                    default -> Math.max(0, Math.min(size - 1, at));
                })
                .toArray();
        return Tensor.of(sources, sources.length);
    }

    /** The picture with {@code value} in a rectangle. @throws ShapeException when it is not inside */
    public static Tensor erase(Tensor x, long top, long left, long height, long width, double value) {
        crop(x, top, left, height, width); // checks
        Tensor y = x.copy();
        y.narrow(-2, top, height).narrow(-1, left, width).fill_(value);
        return y;
    }

    private static void checkSides(int... sides) {
        for (int side : sides) {
            if (side < 0) {
                throw new IllegalArgumentException(
                        "pad: a frame cannot be " + side + " pixels wide. Maybe crop was meant.");
            }
        }
    }

    static void check(String op, Tensor x) {
        if (x.dim() < 3) {
            throw new ShapeException(op + ": expected [..., C, H, W], received " + x.shape()
                    + ". Maybe the channels are missing: unsqueeze(0).");
        }
    }
}
