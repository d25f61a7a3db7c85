package espalier.nn;

import espalier.format.DType;
import espalier.tensor.Tensor;
import java.util.Arrays;

/**
 * Each column times a deviation, plus a mean: the inverse of a standardisation, so that a network may work with numbers
 * around 0 while its outputs have the unit of the data. The values are buffers {@code std} and {@code mean}, not learnt, and
 * stored with the model; the result is float32 at least, also under autocast. PyTorch has no such layer.
 *
 * @shape {@code [N, K]} to the same
 */
public final class Rescale extends Module {
    private final Tensor mean;
    private final Tensor std;

    private Rescale(float[] mean, float[] std) {
        this.mean = buffer("mean", Tensor.of(mean, mean.length));
        this.std = buffer("std", Tensor.of(std, std.length));
    }

    /**
     * By values for each column.
     *
     * @throws IllegalArgumentException when there are not as many means as deviations
     */
    public static Rescale of(float[] mean, float[] std) {
        if (mean.length == 0 || mean.length != std.length) {
            throw new IllegalArgumentException("rescale: expected as many means as deviations, received " + mean.length
                    + " and " + std.length + ". Maybe one column was left out.");
        }
        return new Rescale(mean, std);
    }

    /** Changes nothing in {@code columns} columns, until other values are loaded. */
    public static Rescale of(int columns) {
        float[] ones = new float[columns];
        Arrays.fill(ones, 1);
        return of(new float[columns], ones);
    }

    @Override
    public Tensor forward(Tensor x) {
        var precise = x.dtype() == DType.FLOAT64 ? x : x.to(DType.FLOAT32);
        return seen(precise.mul(std).add(mean)); // [N, K]
    }
}
