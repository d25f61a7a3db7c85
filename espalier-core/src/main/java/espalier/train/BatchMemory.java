package espalier.train;

import espalier.data.Batch;
import espalier.optim.Optimizer;
import espalier.tensor.NativeException;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Says which batch size fits when one did not: halves the batch until it goes through. What it computes is thrown away, but for the
 * running statistics of batch norms; the training has failed anyway.
 */
final class BatchMemory {
    private BatchMemory() {}

    /**
     * The failure in words of batches.
     *
     * @param full what libtorch said; any other failure is given back as it is
     * @param attempt what needs the memory, on a smaller batch
     */
    static NativeException explain(NativeException full, Learner<?> learner, Batch batch, Consumer<Batch> attempt) {
        if (!full.isOutOfMemory() || batch.size() == 0) {
            return full;
        }
        OptionalInt fits = largest(batch, attempt);
        String found = fits.isPresent()
                ? "one of " + fits.getAsInt() + " does (tried). Maybe take batches of " + fits.getAsInt()
                        + ", and make a step of several of them (accumulation)"
                : "neither does one item. Maybe take smaller inputs or another model, or free the device of other"
                        + " programs";
        return new NativeException(
                "a batch of " + batch.size() + " does not fit into the memory of " + learner.device() + ", "
                        + (fits.isPresent() ? "but " : "and ") + found + ". "
                        + String.valueOf(full.getMessage()).replace(" Maybe use a smaller batch.", ""),
                full);
    }

    private static OptionalInt largest(Batch batch, Consumer<Batch> attempt) {
        for (int size = batch.size() / 2; size >= 1; size /= 2) {
            try (var scope = Scope.open()) {
                attempt.accept(batch.first(size));
                return OptionalInt.of(size);
            } catch (NativeException failure) {
                if (!failure.isOutOfMemory()) {
                    return OptionalInt.empty(); // too few items for this network
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Takes what an optimiser will keep beside each parameter after its first step: two numbers, as Adam does. */
    static void reserve(Optimizer optimizer) {
        if (optimizer.state().isEmpty()) {
            optimizer.groups().stream()
                    .flatMap(group -> group.parameters().stream())
                    .filter(Tensor::requiresGrad)
                    .forEach(parameter -> {
                        Tensor.zerosLike(parameter);
                        Tensor.zerosLike(parameter);
                    });
        }
    }
}
