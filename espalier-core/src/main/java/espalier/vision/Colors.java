package espalier.vision;

import espalier.format.DType;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;

/**
 * Colours of pictures that are tensors, {@code [..., 3, H, W]} from 0 to 1, computed as torchvision does; the lighting also of
 * pictures of one channel. Other colour spaces are in {@link ColorSpaces}.
 */
public final class Colors {
    private Colors() {}

    /** All levels times {@code factor}; 1 changes nothing, 0 is black. */
    public static Tensor brightness(Tensor x, double factor) {
        return x.mul(factor).clamp(0, 1);
    }

    /** Levels further from or nearer to the picture's mean grey; 1 changes nothing. */
    public static Tensor contrast(Tensor x, double factor) {
        return blend(x, gray(x).mean(true, -3, -2, -1), factor);
    }

    /** Levels further from or nearer to each pixel's own grey; 1 changes nothing, 0 is grey. */
    public static Tensor saturation(Tensor x, double factor) {
        return isGray(x) ? x : blend(x, gray(x), factor);
    }

    /** The hue turned by {@code turn} of a circle, from -0.5 to 0.5. */
    public static Tensor hue(Tensor x, double turn) {
        if (!(turn >= -0.5 && turn <= 0.5)) {
            throw new IllegalArgumentException("hue: expected a turn from -0.5 to 0.5 of a circle, received " + turn
                    + ". Maybe it is in degrees: divide by 360.");
        }
        if (isGray(x)) {
            return x;
        }
        Tensor hsv = rgbToHsv(x);
        Tensor turned = hsv.narrow(-3, 0, 1).add(turn).remainder(1.0); // [..., 1, H, W]
        return hsvToRgb(Tensor.cat(java.util.List.of(turned, hsv.narrow(-3, 1, 2)), -3));
    }

    /**
     * Luma, 0.2989 red + 0.587 green + 0.114 blue; a picture of one channel is grey already.
     *
     * @shape {@code [..., 3, H, W]} to {@code [..., 1, H, W]}
     */
    public static Tensor gray(Tensor x) {
        if (isGray(x)) {
            return x;
        }
        check("gray", x);
        Tensor weights = Tensor.of(new double[] {0.2989, 0.587, 0.114}, 3, 1, 1).to(x.dtype());
        return x.mul(weights).sum(true, -3);
    }

    /** Hue, saturation and value, each from 0 to 1. */
    public static Tensor rgbToHsv(Tensor x) {
        check("rgbToHsv", x);
        Tensor r = x.narrow(-3, 0, 1);
        Tensor g = x.narrow(-3, 1, 1);
        Tensor b = x.narrow(-3, 2, 1);
        Tensor max = x.amax(true, -3);
        Tensor min = x.amin(true, -3);
        Tensor gray = max.eq(min);
        Tensor range = max.sub(min);
        Tensor saturation = range.div(Tensor.onesLike(max).where(gray, max));
        Tensor divisor = Tensor.onesLike(max).where(gray, range);
        Tensor rc = max.sub(r).div(divisor);
        Tensor gc = max.sub(g).div(divisor);
        Tensor bc = max.sub(b).div(divisor);
        Tensor isRed = max.eq(r).to(x.dtype());
        Tensor isGreen = max.eq(g).logicalAnd(max.ne(r)).to(x.dtype());
        Tensor isBlue = max.ne(g).logicalAnd(max.ne(r)).to(x.dtype());
        Tensor hue = isRed.mul(bc.sub(gc))
                .add(isGreen.mul(rc.sub(bc).add(2)))
                .add(isBlue.mul(gc.sub(rc).add(4)))
                .div(6)
                .add(1)
                .remainder(1.0);
        return Tensor.cat(java.util.List.of(hue, saturation, max), -3);
    }

    /** The way back from {@link #rgbToHsv}. */
    public static Tensor hsvToRgb(Tensor x) {
        check("hsvToRgb", x);
        Tensor h = x.narrow(-3, 0, 1);
        Tensor s = x.narrow(-3, 1, 1);
        Tensor v = x.narrow(-3, 2, 1);
        Tensor sixth = h.mul(6).floor();
        Tensor f = h.mul(6).sub(sixth);
        Tensor p = v.mul(s.neg().add(1)).clamp(0, 1);
        Tensor q = v.mul(s.mul(f).neg().add(1)).clamp(0, 1);
        Tensor t = v.mul(s.mul(f.neg().add(1)).neg().add(1)).clamp(0, 1);
        Tensor part = sixth.to(DType.INT64).remainder(6.0);
        Tensor[][] channels = {{v, q, p, p, t, v}, {t, v, v, q, p, p}, {p, p, t, v, v, q}};
        var rgb = new java.util.ArrayList<Tensor>();
        for (Tensor[] choices : channels) {
            Tensor channel = choices[0];
            for (int i = 1; i < choices.length; i++) {
                channel = choices[i].where(part.eq(i), channel);
            }
            rgb.add(channel);
        }
        return Tensor.cat(rgb, -3);
    }

    private static boolean isGray(Tensor x) {
        return x.dim() >= 3 && x.size(-3) == 1;
    }

    private static Tensor blend(Tensor x, Tensor other, double factor) {
        return x.mul(factor).add(other.mul(1 - factor)).clamp(0, 1);
    }

    static void check(String op, Tensor x) {
        if (x.dim() < 3 || x.size(-3) != 3) {
            throw new ShapeException(op + ": expected [..., 3, H, W], received " + x.shape()
                    + ". Maybe the channels are last: permute(2, 0, 1).");
        }
    }
}
