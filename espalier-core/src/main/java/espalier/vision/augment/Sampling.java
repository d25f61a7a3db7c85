package espalier.vision.augment;

import espalier.format.DType;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Padding;
import espalier.tensor.Pooling;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the pixels of a batch from where projective maps say, bilinearly, corners aligned.
 *
 * <p>As fastai does, a picture that becomes less than half its size is first shrunk by averaging, unless its
 * map enlarges it by as much: with {@code d = min(H / h, W / w) / 2} and {@code z = 2 / (extent of the
 * positions)}, when {@code d > 1} and {@code d > z}. fastai compares the rows of the input with the columns of
 * the output, and the columns with 2, which is the same for square results only.
 */
final class Sampling {
    /** Sizes of the result in pixels, and how to fill what lies outside. */
    record Target(int height, int width, Padding padding) {}

    private static final double[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private Sampling() {}

    static Tensor sample(Tensor x, List<double[]> maps, Target target) {
        boolean resized = target.height != x.size(2) || target.width != x.size(3);
        if (maps.isEmpty() || (!resized && maps.stream().allMatch(map -> Arrays.equals(map, IDENTITY)))) {
            return x;
        }
        int height = Math.toIntExact(x.size(2));
        int width = Math.toIntExact(x.size(3));
        var shrunk = new ArrayList<Integer>();
        for (int i = 0; i < maps.size(); i++) {
            if (shrinks(maps.get(i), height, width, target)) {
                shrunk.add(i);
            }
        }
        try (var scope = Scope.open()) {
            Tensor grid = grid(maps, target).to(x.dtype());
            if (shrunk.isEmpty()) {
                return scope.keep(Functional.gridSample(x, grid, target.padding, true));
            }
            int[] small = shrunk(height, width, target);
            Tensor less = Pooling.adaptiveAvg2d(x, small[0], small[1]);
            var pictures = new ArrayList<Tensor>();
            for (int i = 0; i < maps.size(); i++) {
                Tensor source = shrunk.contains(i) ? less : x;
                pictures.add(Functional.gridSample(source.narrow(0, i, 1), grid.narrow(0, i, 1), target.padding, true));
            }
            return scope.keep(Tensor.cat(pictures, 0)); // [N, C, h, w]
        }
    }

    /** Whether a picture of this size is averaged before it is sampled. */
    static boolean shrinks(double[] map, int height, int width, Target target) {
        double d = margin(height, width, target);
        return d > 1 && d > 2 / extent(map);
    }

    /** Height and width after averaging, as {@code interpolate(scale_factor=1/d, mode="area")} has them. */
    static int[] shrunk(int height, int width, Target target) {
        double scale = 1 / margin(height, width, target);
        return new int[] {(int) Math.floor(height * scale), (int) Math.floor(width * scale)};
    }

    private static double margin(int height, int width, Target target) {
        return Math.min((double) height / target.height, (double) width / target.width) / 2;
    }

    /** The largest position less the smallest, over both directions: a projective map has them at the corners. */
    private static double extent(double[] map) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int corner = 0; corner < 4; corner++) {
            double u = (corner & 1) == 0 ? -1 : 1;
            double v = (corner & 2) == 0 ? -1 : 1;
            double depth = map[6] * u + map[7] * v + map[8];
            double x = (map[0] * u + map[1] * v + map[2]) / depth;
            double y = (map[3] * u + map[4] * v + map[5]) / depth;
            min = Math.min(min, Math.min(x, y));
            max = Math.max(max, Math.max(x, y));
        }
        return max - min;
    }

    /** The positions to sample, float32 {@code [N, h, w, 2]}. */
    private static Tensor grid(List<double[]> maps, Target target) {
        Tensor grid = Tensor.empty(DType.FLOAT32, maps.size(), target.height, target.width, 2);
        FloatBuffer out = grid.buffer().asFloatBuffer();
        float[] row = new float[2 * target.width];
        for (double[] map : maps) {
            for (int i = 0; i < target.height; i++) {
                fillRow(row, map, position(i, target.height), target.width);
                out.put(row);
            }
        }
        return grid;
    }

    private static void fillRow(float[] row, double[] map, double v, int width) {
        double startX = map[1] * v + map[2];
        double startY = map[4] * v + map[5];
        double startDepth = map[7] * v + map[8];
        double first = position(0, width);
        double step = width > 1 ? 2.0 / (width - 1) : 0;
        for (int j = 0; j < width; j++) {
            double u = first + step * j;
            double inverse = 1 / (map[6] * u + startDepth);
            row[2 * j] = (float) ((map[0] * u + startX) * inverse);
            row[2 * j + 1] = (float) ((map[3] * u + startY) * inverse);
        }
    }

    /** The position of a pixel's centre among {@code size}, from -1 to 1; a single pixel is in the middle. */
    static double position(int index, int size) {
        return size > 1 ? 2.0 * index / (size - 1) - 1 : 0;
    }
}
