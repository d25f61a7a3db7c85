package espalier.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
            var gradients = new ArrayList<Tensor>();
            parameters.forEach((name, parameter) -> parameter
                    .grad()
                    .filter(grad -> grad.numel() > 0)
                    .ifPresent(grad -> {
                        names.add(name);
                        gradients.add(grad);
                    }));
            int broken = firstNonFinite(gradients);
            return broken < 0 ? Optional.empty() : Optional.of(names.get(broken));
        }
    }

    /**
     * Multiplies all gradients by {@code factor}.
     *
     * @return whether all of them are finite afterwards
     */
    public static boolean scale(List<Tensor> parameters, double factor) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            var gradients = parameters.stream()
                    .flatMap(parameter -> parameter.grad().stream())
                    .filter(grad -> grad.numel() > 0)
                    .toList();
            gradients.forEach(grad -> grad.mul_(factor));
            return firstNonFinite(gradients) < 0;
        }
    }

    /** The place of the first that holds a NaN or an infinity, found by one reading of all; -1 when there is none. */
    private static int firstNonFinite(List<Tensor> gradients) {
        if (gradients.isEmpty()) {
            return -1;
        }
        // The largest absolute value keeps NaN and infinity, and cannot overflow as a sum can.
        double[] largest = Tensor.stack(
                        gradients.stream()
                                .map(grad -> grad.norm(Double.POSITIVE_INFINITY, false))
                                .toList(),
                        0)
                .toDoubleArray();
        return IntStream.range(0, largest.length)
                .filter(i -> !Double.isFinite(largest[i]))
                .findFirst()
                .orElse(-1);
    }
}
