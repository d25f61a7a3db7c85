package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.data.Loader;
import espalier.format.DType;
import espalier.format.Parameters;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Brings each channel to the mean and deviation that a network's weights expect: {@code (x - mean) / std}.
 * Belongs at the end of the batch transforms; does the same in training and validation.
 */
public final class Normalize implements BatchTransform {
    /** So many pictures stand for all. */
    private static final int MOST = 2_000;

    private final double[] mean;
    private final double[] std;

    private Normalize(double[] mean, double[] std) {
        this.mean = mean;
        this.std = std;
    }

    /**
     * Normalisation by these statistics of pictures in 0 to 1, one number for each channel.
     *
     * @throws IllegalArgumentException when the counts differ or a deviation is not positive
     */
    public static Normalize of(double[] mean, double[] std) {
        if (mean.length == 0 || mean.length != std.length) {
            throw new IllegalArgumentException("expected as many means as deviations, received " + Arrays.toString(mean)
                    + " and " + Arrays.toString(std));
        }
        for (int i = 0; i < std.length; i++) {
            if (!(std[i] > 0) || !Double.isFinite(std[i]) || !Double.isFinite(mean[i])) {
                throw new IllegalArgumentException("expected finite means and positive deviations, received "
                        + Arrays.toString(mean) + " and " + Arrays.toString(std)
                        + ". Maybe a channel of the data is the same everywhere.");
            }
        }
        return new Normalize(mean.clone(), std.clone());
    }

    /** ImageNet's statistics: 0.485, 0.456, 0.406 and 0.229, 0.224, 0.225. */
    public static Normalize imagenet() {
        return of(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});
    }

    /**
     * The statistics of a loader's own pictures, as they are without random steps: of all, or of 2,000 that the seed draws where there are
     * more. The loader must give pictures in 0 to 1, with no normalisation yet.
     *
     * @throws IllegalArgumentException when a channel is the same everywhere, or there is no picture
     */
    public static Normalize fromData(Loader<?> pictures) {
        double[] sums = {};
        double[] squares = {};
        double count = 0;
        try (var batches = pictures.inOrder().mixed().epoch(0)) {
            for (int seen = 0; seen < MOST && batches.hasNext(); ) {
                try (var scope = Scope.open()) {
                    var batch = batches.next();
                    Tensor x = batch.x().to(DType.FLOAT64); // [N, C, H, W]
                    sums = added(sums, x.sum(0, 2, 3));
                    squares = added(squares, x.mul(x).sum(0, 2, 3));
                    count += (double) x.numel() / x.size(1);
                    seen += batch.size();
                }
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException("there is no picture to take means and deviations of.");
        }
        double[] mean = new double[sums.length];
        double[] std = new double[sums.length];
        for (int c = 0; c < mean.length; c++) {
            mean[c] = sums[c] / count;
            std[c] = Math.sqrt(squares[c] / count - mean[c] * mean[c]);
        }
        return of(mean, std);
    }

    private static double[] added(double[] sums, Tensor more) {
        double[] values = more.toDoubleArray();
        for (int c = 0; c < sums.length; c++) {
            values[c] += sums[c];
        }
        return values;
    }

    /** The means, one for each channel. */
    public double[] mean() {
        return mean.clone();
    }

    /** The standard deviations, one for each channel. */
    public double[] std() {
        return std.clone();
    }

    /** @shape x {@code [N, C, H, W]} */
    @Override
    public Tensor apply(Tensor x, boolean training, List<Rng> items) {
        try (var scope = Scope.open()) {
            return scope.keep(x.sub(perChannel(mean, x)).div_(perChannel(std, x))); // [N, C, H, W]
        }
    }

    /** Undoes the normalisation, for showing pictures. @shape x {@code [N, C, H, W]} */
    public Tensor decode(Tensor x) {
        try (var scope = Scope.open()) {
            return scope.keep(x.mul(perChannel(std, x)).add_(perChannel(mean, x)));
        }
    }

    private static Tensor perChannel(double[] values, Tensor x) {
        if (x.dim() != 4 || x.size(1) != values.length || !x.dtype().isFloatingPoint()) {
            throw new ShapeException("normalize: expected floats [N, " + values.length + ", H, W], received "
                    + x.dtype().torchName() + " " + x.shape() + ".");
        }
        return Tensor.of(values, 1, values.length, 1, 1).to(DType.FLOAT32).to(x.dtype());
    }

    @Override
    public String name() {
        return "normalize";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                "mean", Arrays.stream(mean).boxed().toList(),
                "std", Arrays.stream(std).boxed().toList());
    }
}
