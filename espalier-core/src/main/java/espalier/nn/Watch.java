package espalier.nn;

import espalier.tensor.Tensor;
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
 * <p>Seen are the modules that return their output through {@link Module#seen}: all of this library.
 */
public final class Watch implements AutoCloseable {
    private static final ThreadLocal<@Nullable Watch> CURRENT = new ThreadLocal<>();

    private final BiConsumer<Module, Tensor> action;
    private final @Nullable Watch outer;

    private Watch(BiConsumer<Module, Tensor> action, @Nullable Watch outer) {
        this.action = action;
        this.outer = outer;
    }

    /** Calls {@code action} with each module and its output, until closed. Close on the same thread. */
    public static Watch start(BiConsumer<Module, Tensor> action) {
        var watch = new Watch(action, CURRENT.get());
        CURRENT.set(watch);
        return watch;
    }

    static void show(Module module, Tensor output) {
        for (Watch watch = CURRENT.get(); watch != null; watch = watch.outer) {
            watch.action.accept(module, output);
        }
    }

    @Override
    public void close() {
        CURRENT.set(outer);
    }
}
