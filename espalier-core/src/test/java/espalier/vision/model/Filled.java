package espalier.vision.model;

import espalier.nn.Module;
import espalier.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.zip.CRC32;

/** Models and pictures made by the formulas at the head of {@code tools/golden/make_models.py}. */
final class Filled {
    private Filled() {}

    static void fill(Module model) {
        var state = new LinkedHashMap<String, Tensor>();
        model.stateDict().forEach((name, tensor) -> state.put(name, tensor(name, tensor)));
        model.loadStateDict(state);
    }

    private static Tensor tensor(String name, Tensor like) {
        if (name.endsWith("num_batches_tracked")) {
            return like;
        }
        long[] sizes = like.shape().sizes();
        float[] values = new float[Math.toIntExact(like.numel())];
        double bound = sizes.length > 1 ? Math.sqrt(3.0 / (values.length / sizes[0])) : 0;
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int k = (int) crc.getValue();
        for (int i = 0; i < values.length; i++) {
            int h = i * (int) 2654435761L + k;
            h ^= h >>> 15;
            h *= (int) 2246822519L;
            h ^= h >>> 13;
            double u = (h >>> 8) / 16777216.0;
            values[i] = (float) value(name, sizes.length, u, bound);
        }
        return Tensor.of(values, sizes);
    }

    private static double value(String name, int dims, double u, double bound) {
        if (dims > 1) {
            return (2 * u - 1) * bound;
        }
        if (name.endsWith("running_var")) {
            return 0.5 + u;
        }
        return name.endsWith("weight") ? 0.8 + 0.4 * u : 0.2 * u - 0.1;
    }

    static Tensor waves(long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(0.01 * i);
        }
        return Tensor.of(values, shape);
    }
}
