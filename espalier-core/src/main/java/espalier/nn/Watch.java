package espalier.nn;

import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A look at the outputs of all layers that run on this thread while it is open, as PyTorch's forward hooks.
 *
 * <pre>{@code
 * try (var watch = Watch.start((module, output) -> shapes.put(module, output.shape()))) {
 *     model.forward(x);
 * }
 * }</pre>
 *
 * <p>{@link #gradients} keeps what comes back to these outputs, too, as PyTorch's {@code register_full_backward_hook}:
 *
 * <pre>{@code
 * try (var watch = Watch.gradients()) {
 *     loss.loss(model.forward(x), y).backward();
 *     watch.forEachGradient((module, gradient) -> norms.put(module, gradient.norm().item()));
 * }
 * }</pre>
 *
 * <p>What differs from the hook: the gradients are told after {@code backward}, not during it; they cannot be replaced; there is
 * the gradient of the output ({@code grad_output}) and none of the input, which is that of the layer before; and nothing needs
 * to be removed. All outputs stay in memory with their gradients until their scope closes.
 *
 * <p>Seen are the modules that return their output through {@link Module#seen}: all of this library.
 */
public final class Watch implements AutoCloseable {
    private static final ThreadLocal<@Nullable Watch> CURRENT = new ThreadLocal<>();

    private record Seen(Module module, Tensor output) {}

    private final BiConsumer<Module, Tensor> action;
    private final List<Seen> kept;
    private final @Nullable Watch outer;

    private Watch(BiConsumer<Module, Tensor> action, List<Seen> kept, @Nullable Watch outer) {
        this.action = action;
        this.kept = kept;
        this.outer = outer;
    }

    /** Calls {@code action} with each module and its output, until closed. Close on the same thread. */
    public static Watch start(BiConsumer<Module, Tensor> action) {
        return open(action, List.of());
    }

    /**
     * Keeps the gradients of the modules' outputs for {@link #forEachGradient}, until closed. Outputs that no gradient passes
     * through, as under {@code Grad.off()} or of a frozen body, are left out. Close on the same thread.
     */
    public static Watch gradients() {
        var kept = new ArrayList<Seen>();
        return open(
                (module, output) -> {
                    if (output.requiresGrad()) {
                        kept.add(new Seen(module, output.retainGrad()));
                    }
                },
                kept);
    }

    private static Watch open(BiConsumer<Module, Tensor> action, List<Seen> kept) {
        var watch = new Watch(action, kept, CURRENT.get());
        CURRENT.set(watch);
        return watch;
    }

    static void show(Module module, Tensor output) {
        for (Watch watch = CURRENT.get(); watch != null; watch = watch.outer) {
            watch.action.accept(module, output);
        }
    }

    /**
     * Calls {@code action} with each module and the gradient of its output, the last layer first, as {@code backward} came to them. A
     * module that ran twice is told twice; outputs that the loss does not depend on are left out. Each is told once: the
     * next call tells what has run since.
     *
     * <p>The gradient has the output's shape. Call it before the scope of the outputs closes.
     *
     * @throws IllegalStateException when no gradient has come back to any output
     */
    public void forEachGradient(BiConsumer<Module, Tensor> action) {
        var told = new ArrayList<>(kept);
        told.removeIf(seen -> seen.output.grad().isEmpty());
        if (told.isEmpty()) {
            throw new IllegalStateException(
                    "no gradient has come back to the " + kept.size() + " outputs that were seen."
                            + " Maybe backward() was not called yet, or the watch is not one of Watch.gradients().");
        }
        kept.clear();
        Collections.reverse(told);
        told.forEach(seen -> action.accept(seen.module, seen.output.grad().orElseThrow()));
    }

    @Override
    public void close() {
        CURRENT.set(outer);
    }
}
