package espalier.nn;

import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** Finds values of a model that are not finite. */
public final class Finite {
    private Finite() {}

    /** The name of the first parameter or buffer that holds NaN or infinity; empty when all are finite. */
    public static Optional<String> firstBroken(Module module) {
        try (var scope = Scope.open()) {
            return module.stateDict().entrySet().stream()
                    .filter(entry -> isBroken(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    private static boolean isBroken(Tensor tensor) {
        try (var scope = Scope.open()) {
            return tensor.dtype().isFloatingPoint()
                    && tensor.detach().isFinite().all().item() == 0;
        }
    }
}
