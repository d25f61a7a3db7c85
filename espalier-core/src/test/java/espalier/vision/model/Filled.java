package espalier.vision.model;

import espalier.nn.Module;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Models and pictures made by the formulas at the head of {@code tools/golden/make_models.py}. */
final class Filled {
    private Filled() {}

    private static final int CHUNK = 1 << 20;

    /** Piece by piece, because the largest tensors have 100 million elements. */
    static void fill(Module model) {
        try (var off = Grad.off()) {
            model.stateDict().forEach((name, tensor) -> {
                if (!name.endsWith("num_batches_tracked")) {
                    fill(name, tensor);
                }
            });
        }
    }

    private static void fill(String name, Tensor tensor) {
        int count = Math.toIntExact(tensor.numel());
        int dims = tensor.dim();
        double bound = dims > 1 ? Math.sqrt(3.0 / (count / tensor.size(0))) : 0;
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int k = (int) crc.getValue();
        for (int from = 0; from < count; from += CHUNK) {
            float[] values = new float[Math.min(CHUNK, count - from)];
            for (int i = 0; i < values.length; i++) {
                int h = (from + i) * (int) 2654435761L + k;
                h ^= h >>> 15;
                h *= (int) 2246822519L;
                h ^= h >>> 13;
                double u = (h >>> 8) / 16777216.0;
                values[i] = (float) value(name, dims, u, bound);
            }
            try (var scope = Scope.open()) {
                tensor.reshape(-1).narrow(0, from, values.length).copy_(Tensor.of(values, values.length));
            }
        }
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
