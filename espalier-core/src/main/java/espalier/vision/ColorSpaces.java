package espalier.vision;

import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.List;

/**
 * Pictures that are tensors in other colour spaces and back: {@code [..., 3, H, W]}, RGB being sRGB from 0 to 1. The numbers are
 * those of scikit-image: white is D65, seen at two degrees.
 */
public final class ColorSpaces {
    private static final double[][] YUV = {
        {0.299, 0.587, 0.114}, {-0.14714119, -0.28886916, 0.43601035}, {0.61497538, -0.51496512, -0.10001026}
    };
    private static final double[][] XYZ = {
        {0.412453, 0.357580, 0.180423}, {0.212671, 0.715160, 0.072169}, {0.019334, 0.119193, 0.950227}
    };
    private static final double[] WHITE = {0.95047, 1, 1.08883};

    /** Below it the curve of lightness is a straight line, above it a cube root. */
    private static final double DARK = 0.008856;

    private static final double SLOPE = 7.787;
    private static final double OFFSET = 16.0 / 116;

    private ColorSpaces() {}

    /** Hue, saturation and value, each from 0 to 1. */
    public static Tensor rgbToHsv(Tensor x) {
        return Colors.rgbToHsv(x);
    }

    /** The way back from {@link #rgbToHsv}. */
    public static Tensor hsvToRgb(Tensor x) {
        return Colors.hsvToRgb(x);
    }

    /** Luma from 0 to 1, and two differences of colour around 0, as of analogue television (BT.601). */
    public static Tensor rgbToYuv(Tensor x) {
        return mixed("rgbToYuv", x, Tensor.ofNested(YUV));
    }

    /** The way back from {@link #rgbToYuv}. */
    public static Tensor yuvToRgb(Tensor x) {
        return mixed("yuvToRgb", x, Tensor.ofNested(YUV).inverse());
    }

    /** What the three kinds of cones of an eye would be told (CIE 1931); the Y of white is 1. */
    public static Tensor rgbToXyz(Tensor x) {
        Colors.check("rgbToXyz", x);
        Tensor bright = x.add(0.055).div(1.055).pow(2.4);
        return mixed("rgbToXyz", bright.where(x.gt(0.04045), x.div(12.92)), Tensor.ofNested(XYZ));
    }

    /** The way back from {@link #rgbToXyz}; colours that no screen shows are cut off at 0 and 1. */
    public static Tensor xyzToRgb(Tensor x) {
        Tensor linear = mixed("xyzToRgb", x, Tensor.ofNested(XYZ).inverse());
        Tensor bright = linear.clampMin(0.0031308).pow(1 / 2.4).mul(1.055).sub(0.055);
        return bright.where(linear.gt(0.0031308), linear.mul(12.92)).clamp(0, 1);
    }

    /** Lightness from 0 to 100, green to red and blue to yellow from about -110 to 110 (CIE 1976): distances are as seen. */
    public static Tensor rgbToLab(Tensor x) {
        Tensor xyz = rgbToXyz(x).div(white(x));
        Tensor f = xyz.clampMin(DARK)
                .pow(1.0 / 3)
                .where(xyz.gt(DARK), xyz.mul(SLOPE).add(OFFSET));
        Tensor fx = f.narrow(-3, 0, 1);
        Tensor fy = f.narrow(-3, 1, 1);
        Tensor fz = f.narrow(-3, 2, 1);
        return Tensor.cat(
                List.of(fy.mul(116).sub(16), fx.sub(fy).mul(500), fy.sub(fz).mul(200)), -3);
    }

    /** The way back from {@link #rgbToLab}; colours that no screen shows are cut off at 0 and 1. */
    public static Tensor labToRgb(Tensor x) {
        Colors.check("labToRgb", x);
        Tensor fy = x.narrow(-3, 0, 1).add(16).div(116);
        Tensor fx = x.narrow(-3, 1, 1).div(500).add(fy);
        Tensor fz = fy.sub(x.narrow(-3, 2, 1).div(200)).clampMin(0);
        Tensor f = Tensor.cat(List.of(fx, fy, fz), -3);
        Tensor xyz = f.pow(3).where(f.gt(0.2068966), f.sub(OFFSET).div(SLOPE));
        return xyzToRgb(xyz.mul(white(x)));
    }

    /**
     * Cyan, magenta, yellow and as much black as possible, each from 0 to 1, without a colour profile.
     *
     * @shape {@code [..., 3, H, W]} to {@code [..., 4, H, W]}
     */
    public static Tensor rgbToCmyk(Tensor x) {
        Colors.check("rgbToCmyk", x);
        Tensor lightest = x.amax(true, -3); // [..., 1, H, W]
        Tensor ink = lightest.sub(x).div(lightest.clampMin(1e-12)); // 0 in black
        return Tensor.cat(List.of(ink, lightest.neg().add(1)), -3);
    }

    /** The way back from {@link #rgbToCmyk}. @shape {@code [..., 4, H, W]} to {@code [..., 3, H, W]} */
    public static Tensor cmykToRgb(Tensor x) {
        if (x.dim() < 3 || x.size(-3) != 4) {
            throw new ShapeException("cmykToRgb: expected [..., 4, H, W], received " + x.shape()
                    + ". Maybe the channels are last: permute(2, 0, 1).");
        }
        Tensor light = x.neg().add(1);
        return light.narrow(-3, 0, 3).mul(light.narrow(-3, 3, 1));
    }

    private static Tensor white(Tensor like) {
        return Tensor.of(WHITE, 3, 1, 1).to(like.dtype());
    }

    /** Each channel a weighted sum of the channels. */
    private static Tensor mixed(String op, Tensor x, Tensor weights) {
        Colors.check(op, x);
        return weights.to(x.dtype()).matmul(x.flatten(-2, -1)).reshape(x.shape().sizes()); // [..., 3, H, W]
    }
}
