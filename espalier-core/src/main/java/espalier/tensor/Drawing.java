package espalier.tensor;

import espalier.format.DType;
import espalier.rng.Rng;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/** Whole numbers drawn at random. Given the same {@link Rng} the draws are the same, whatever the threads. */
final class Drawing {
    private Drawing() {}

    static Tensor randint(Rng rng, long low, long high, long... shape) {
        if (low >= high) {
            throw new IllegalArgumentException("randint: there is no whole number from " + low + " to before " + high
                    + ". Maybe the bounds are exchanged.");
        }
        Shape.of(shape);
        return Native.call(
                "randint",
                () -> torch.randint(low, high, shape, generator(rng, Device.cpu()), Tensor.options(DType.INT64)));
    }

    static Tensor randperm(Rng rng, long n) {
        if (n < 0) {
            throw new IllegalArgumentException(
                    "randperm: the count must not be negative, received " + n + ". Maybe it overflowed.");
        }
        return Native.call(
                "randperm", () -> torch.randperm(n, generator(rng, Device.cpu()), Tensor.options(DType.INT64)));
    }

    /** Positions along the last dimension, each as likely as its weight says. */
    static Tensor multinomial(Tensor weights, long count, boolean replacement, Rng rng) {
        if (weights.dim() < 1 || weights.dim() > 2 || !weights.dtype().isFloatingPoint()) {
            throw new ShapeException("multinomial: expected floating-point weights [K] or [N, K], received "
                    + weights.dtype().torchName() + " " + weights.shape() + ". Maybe convert them: to(DType.FLOAT32).");
        }
        if (count < 1 || (!replacement && count > weights.size(-1))) {
            throw new IllegalArgumentException("multinomial: cannot draw " + count + " of " + weights.size(-1)
                    + " without replacement. Maybe draw with replacement.");
        }
        return Native.call(
                "multinomial",
                () -> torch.multinomial(weights.raw(), count, replacement, generator(rng, weights.device())));
    }

    /** A generator that draws where the numbers are to be. The meta device draws nothing, and takes any. */
    static GeneratorOptional generator(Rng rng, Device device) {
        long seed = rng.nextLong();
        if (device.type().equals("cpu") || device.type().equals("meta")) {
            return new GeneratorOptional(torch.make_generator_cpu(seed));
        }
        var generator =
                torch.globalContext().defaultGenerator(device.toNative()).clone();
        generator.set_current_seed(seed);
        return new GeneratorOptional(generator);
    }
}
