package espalier.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/** What can be done to the gradients of many parameters together. Parameters without a gradient are passed over. */
public final class Gradients {
    private Gradients() {}

    /**
     * Scales all gradients together so that their total Euclidean norm is at most {@code maxNorm}, as
     * {@code torch.nn.utils.clip_grad_norm_}.
     *
     * @return the norm before. When it is not finite, neither are the gradients afterwards: skip the step
     */
    public static double clipNorm(List<Tensor> parameters, double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException(
                    "clipNorm: the largest norm must be positive, received " + maxNorm + ". Maybe 1 was meant.");
        }
        return Native.run("clipNorm", () -> torch.clip_grad_norm_(Native.vector(parameters), maxNorm));
    }

    /** The name of the first parameter whose gradient holds a NaN or an infinity; empty when all are finite. */
    public static Optional<String> firstNonFinite(Map<String, Tensor> parameters) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            var names = new ArrayList<String>();
            var largest = new ArrayList<Tensor>();
            parameters.forEach((name, parameter) -> parameter
                    .grad()
                    .filter(grad -> grad.numel() > 0)
                    .ifPresent(grad -> {
                        names.add(name);
                        // The largest absolute value keeps NaN and infinity, and cannot overflow as a sum can.
                        largest.add(grad.norm(Double.POSITIVE_INFINITY, false));
                    }));
            if (names.isEmpty()) {
                return Optional.empty();
            }
            double[] values = Tensor.stack(largest, 0).toDoubleArray();
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(values[i])) {
                    return Optional.of(names.get(i));
                }
            }
            return Optional.empty();
        }
    }
}
