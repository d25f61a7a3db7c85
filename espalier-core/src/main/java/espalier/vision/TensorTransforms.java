package espalier.vision;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * torchvision's transforms for pictures that are tensors, {@code [..., C, H, W]} of floating-point numbers from 0 to 1; for
 * loops by hand, as in {@code DataLoader.augment}. Random ones draw from the generator that they are given. For training
 * with the learner, {@code Augmentations} do more in one pass.
 */
public final class TensorTransforms {
    private TensorTransforms() {}

    /** A rectangle out of the middle. @throws ShapeException when the picture is smaller */
    public static TensorTransform centerCrop(long height, long width) {
        return (x, rng) -> {
            long top = Math.round(Math.rint((x.size(-2) - height) / 2.0));
            long left = Math.round(Math.rint((x.size(-1) - width) / 2.0));
            return x.narrow(-2, top, height).narrow(-1, left, width);
        };
    }

    /**
     * Brightness, contrast and saturation multiplied by a factor from {@code 1 - amount} to {@code 1 + amount}, the hue
     * turned by up to {@code hue} of a circle, in a random order; an amount of 0 leaves it as it is.
     *
     * @throws IllegalArgumentException when an amount is negative, or the hue above 0.5
     */
    public static TensorTransform colorJitter(double brightness, double contrast, double saturation, double hue) {
        if (!(brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5)) {
            throw new IllegalArgumentException("colorJitter: amounts must not be negative, and the hue at most 0.5:"
                    + " received " + brightness + ", " + contrast + ", " + saturation + ", " + hue + ".");
        }
        return (x, rng) -> {
            Tensor y = x;
            for (int change : rng.permutation(4)) {
                y = switch (change) {
                    case 0 -> Colors.brightness(y, factor(brightness, rng));
                    case 1 -> Colors.contrast(y, factor(contrast, rng));
                    case 2 -> Colors.saturation(y, factor(saturation, rng));
                    default -> hue == 0 ? y : Colors.hue(y, rng.uniform(-hue, hue));
                };
            }
            return y;
        };
    }

    private static double factor(double amount, Rng rng) {
        return amount == 0 ? 1 : rng.uniform(Math.max(0, 1 - amount), 1 + amount);
    }

    /** One transform after the other. */
    public static TensorTransform compose(TensorTransform... transforms) {
        var all = List.of(transforms);
        return (x, rng) -> {
            Tensor y = x;
            for (var transform : all) {
                y = transform.apply(y, rng);
            }
            return y;
        };
    }

    /** Blurred by a Gaussian of {@code kernel} by {@code kernel} pixels, its width drawn from {@code sigmaMin} to {@code sigmaMax}. */
    public static TensorTransform gaussianBlur(int kernel, double sigmaMin, double sigmaMax) {
        if (kernel < 1 || kernel % 2 == 0 || !(sigmaMin > 0 && sigmaMax >= sigmaMin)) {
            throw new IllegalArgumentException("gaussianBlur: the kernel must be odd and the width positive, received "
                    + kernel + " and " + sigmaMin + " to " + sigmaMax + ".");
        }
        return (x, rng) -> blur(x, kernel, rng.uniform(sigmaMin, sigmaMax));
    }

    private static Tensor blur(Tensor x, int kernel, double sigma) {
        long channels = x.size(-3);
        int side = kernel / 2;
        Tensor line = Tensor.arange(-side, side + 1, 1.0)
                .div(sigma)
                .square()
                .mul(-0.5)
                .exp();
        line = line.div(line.sum());
        Tensor weight = line.outer(line)
                .expand(channels, 1, kernel, kernel)
                .to(x.dtype())
                .contiguous();
        Tensor batch = x.reshape(-1, channels, x.size(-2), x.size(-1)); // [N, C, H, W]
        Tensor padded = Functional.pad(batch, side, side, side, side, Functional.Padding.REFLECTION);
        var window = Functional.Window.of(2, 1, 0, 1, channels);
        return Functional.conv2d(padded, weight, Optional.empty(), window)
                .reshape(x.shape().sizes());
    }

    /** In grey, with as many channels as before. */
    public static TensorTransform grayscale() {
        return (x, rng) -> Colors.gray(x).expand(x.shape().sizes()).contiguous();
    }

    /** Each channel less its mean, divided by its standard deviation. */
    public static TensorTransform normalize(double[] mean, double[] std) {
        if (mean.length != std.length || Arrays.stream(std).anyMatch(value -> !(value > 0))) {
            throw new IllegalArgumentException("normalize: as many means as positive deviations are needed, received "
                    + Arrays.toString(mean) + " and " + Arrays.toString(std) + ".");
        }
        return (x, rng) -> {
            if (x.size(-3) != mean.length) {
                throw new ShapeException("normalize: " + mean.length + " means do not fit a picture of shape "
                        + x.shape() + ": its channels are at dimension -3.");
            }
            Tensor centre = Tensor.of(mean, mean.length, 1, 1).to(x.dtype());
            return x.sub(centre).div(Tensor.of(std, std.length, 1, 1).to(x.dtype()));
        };
    }

    /** The transform, with probability {@code p}. */
    public static TensorTransform randomApply(TensorTransform transform, double p) {
        checkProbability(p);
        return (x, rng) -> rng.bernoulli(p) ? transform.apply(x, rng) : x;
    }

    /** In grey with probability {@code p}. */
    public static TensorTransform randomGrayscale(double p) {
        return randomApply(grayscale(), p);
    }

    /** Left and right exchanged with probability {@code p}. */
    public static TensorTransform randomHorizontalFlip(double p) {
        return randomApply((x, rng) -> x.flip(-1), p);
    }

    /** Top and bottom exchanged with probability {@code p}. */
    public static TensorTransform randomVerticalFlip(double p) {
        return randomApply((x, rng) -> x.flip(-2), p);
    }

    /** Another size, by straight lines between pixels, each new pixel seeing all that it covers ({@code antialias=True}). */
    public static TensorTransform resize(int height, int width) {
        return (x, rng) -> {
            Tensor rows = mixing((int) x.size(-2), height).to(x.dtype()); // [height, H]
            Tensor columns = mixing((int) x.size(-1), width).to(x.dtype()); // [width, W]
            return rows.matmul(x).matmul(columns.t()); // [..., C, height, width]
        };
    }

    /** How much of each old line is in each new one: a triangle as wide as what a new line covers. @shape {@code [to, from]} */
    private static Tensor mixing(int from, int to) {
        double scale = (double) from / to;
        double reach = Math.max(scale, 1);
        double[][] weights = new double[to][from];
        for (int i = 0; i < to; i++) {
            double centre = scale * (i + 0.5);
            double sum = 0;
            for (int j = 0; j < from; j++) {
                weights[i][j] = Math.max(0, 1 - Math.abs((j + 0.5 - centre) / reach));
                sum += weights[i][j];
            }
            for (int j = 0; j < from; j++) {
                weights[i][j] /= sum;
            }
        }
        return Tensor.ofNested(weights);
    }

    private static void checkProbability(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("a probability is from 0 to 1, received " + p + ". Maybe in percent.");
        }
    }
}
