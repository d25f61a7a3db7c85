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
 * loops by hand, as in {@code DataLoader.augment}. Random ones draw from the generator that they are given. Any lambda is
 * one too: {@code (x, rng) -> x.sqrt()}. What gives several pictures is in {@link Crops}, what draws nothing also in
 * {@link Warps} and {@link Colors}. For training with the learner, {@code Augmentations} do more in one pass.
 */
public final class TensorTransforms {
    private TensorTransforms() {}

    /** A rectangle out of the middle. @throws ShapeException when the picture is smaller */
    public static TensorTransform centerCrop(long height, long width) {
        return (x, rng) -> Crops.center(x, height, width);
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

    /** A frame of {@code pixels} at all four sides. */
    public static TensorTransform pad(int pixels, Crops.Fill fill) {
        return (x, rng) -> Crops.pad(x, pixels, pixels, pixels, pixels, fill);
    }

    /** {@link RandomAffine}, turned by up to {@code degrees} to either side; its setters add the rest. */
    public static RandomAffine randomAffine(double degrees) {
        return new RandomAffine(degrees, 0, 0, 1, 1, 0, Warps.Sampling.NEAREST);
    }

    /** The transform, with probability {@code p}. */
    public static TensorTransform randomApply(TensorTransform transform, double p) {
        checkProbability(p);
        return (x, rng) -> rng.bernoulli(p) ? transform.apply(x, rng) : x;
    }

    /** One of the transforms, all equally likely. @throws IllegalArgumentException when there is none */
    public static TensorTransform randomChoice(TensorTransform... transforms) {
        var all = List.of(transforms);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("randomChoice: there is nothing to choose from. Maybe leave it out.");
        }
        return (x, rng) -> all.get(rng.nextInt(all.size())).apply(x, rng);
    }

    /** A rectangle from anywhere. @throws ShapeException when the picture is smaller: {@link #pad} it first */
    public static TensorTransform randomCrop(int height, int width) {
        return (x, rng) -> {
            int down = (int) Math.max(0, x.size(-2) - height);
            int right = (int) Math.max(0, x.size(-1) - width);
            return Crops.crop(x, rng.nextInt(down + 1), rng.nextInt(right + 1), height, width);
        };
    }

    /**
     * With probability {@code p}, {@code value} in a rectangle: 2 to 33 % of the picture, its sides in a ratio of 0.3 to
     * 3.3, as torchvision's defaults.
     */
    public static TensorTransform randomErasing(double p, double value) {
        checkProbability(p);
        return (x, rng) -> {
            if (!rng.bernoulli(p)) {
                return x;
            }
            long[] box = RandomBox.draw(x, rng, new RandomBox.Ranges(0.02, 0.33, 0.3, 3.3));
            return box.length == 0 ? x : Crops.erase(x, box[0], box[1], box[2], box[3], value);
        };
    }

    /** In grey with probability {@code p}. */
    public static TensorTransform randomGrayscale(double p) {
        return randomApply(grayscale(), p);
    }

    /** Left and right exchanged with probability {@code p}. */
    public static TensorTransform randomHorizontalFlip(double p) {
        return randomApply((x, rng) -> x.flip(-1), p);
    }

    /** All of the transforms, in an order drawn anew each time. */
    public static TensorTransform randomOrder(TensorTransform... transforms) {
        var all = List.of(transforms);
        return (x, rng) -> {
            Tensor y = x;
            for (int next : rng.permutation(all.size())) {
                y = all.get(next).apply(y, rng);
            }
            return y;
        };
    }

    /**
     * With probability {@code p}, the picture seen from the side: each corner moves inwards by up to half of
     * {@code distortion} of a side.
     */
    public static TensorTransform randomPerspective(double distortion, double p) {
        checkProbability(p);
        if (!(distortion >= 0 && distortion <= 1)) {
            throw new IllegalArgumentException(
                    "randomPerspective: the distortion is from 0 to 1, received " + distortion + ". Maybe in percent.");
        }
        return (x, rng) -> {
            if (!rng.bernoulli(p)) {
                return x;
            }
            double[][] from = Warps.corners(x.size(-2), x.size(-1));
            double[][] to = new double[4][];
            int acrossMost = (int) (distortion * x.size(-1) / 2);
            int downMost = (int) (distortion * x.size(-2) / 2);
            for (int i = 0; i < 4; i++) {
                int across = rng.nextInt(acrossMost + 1);
                int down = rng.nextInt(downMost + 1);
                to[i] = new double[] {
                    from[i][0] + (from[i][0] == 0 ? across : -across), from[i][1] + (from[i][1] == 0 ? down : -down)
                };
            }
            return Warps.perspective(x, from, to, Warps.Sampling.BILINEAR);
        };
    }

    /** A part of the picture, 8 to 100 % of its area and its sides in a ratio of 3/4 to 4/3, resized to {@code height} by {@code width}. */
    public static TensorTransform randomResizedCrop(int height, int width) {
        return randomResizedCrop(height, width, 0.08);
    }

    /** The same with another least share of the area. */
    public static TensorTransform randomResizedCrop(int height, int width, double minScale) {
        checkProbability(minScale);
        var ranges = new RandomBox.Ranges(minScale, 1, 3.0 / 4, 4.0 / 3);
        var resize = resize(height, width);
        return (x, rng) -> {
            long[] box = RandomBox.draw(x, rng, ranges);
            Tensor part = box.length == 0 ? RandomBox.middle(x, ranges) : Crops.crop(x, box[0], box[1], box[2], box[3]);
            return resize.apply(part, rng);
        };
    }

    /** Turned about its centre by up to {@code degrees} to either side; corners that come from outside are black. */
    public static TensorTransform randomRotation(double degrees) {
        return (x, rng) -> Warps.rotate(x, rng.uniform(-degrees, degrees), Warps.Sampling.NEAREST);
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
