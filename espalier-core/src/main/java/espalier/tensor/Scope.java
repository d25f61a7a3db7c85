package espalier.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a thread's work at whose end the tensors made in it are freed.
 *
 * <pre>{@code
 * try (var scope = Scope.open()) {
 *     Tensor mean = scope.keep(x.mul(2).mean());   // everything but the mean is freed
 * }
 * }</pre>
 *
 * <p>The library opens one for each batch, so callbacks, metrics and transforms never free anything. Scopes
 * nest; a tensor belongs to the innermost scope of the thread that made it. What is kept, and what is made
 * outside any scope, is freed by the garbage collector or by {@link Tensor#close}. A kept tensor can be
 * handed to another thread and given to a scope there by {@link #adopt}.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Deque<Scope>> STACK = ThreadLocal.withInitial(ArrayDeque::new);
    private static final AtomicLong LIVE = new AtomicLong();

    private final Thread thread = Thread.currentThread();
    private final List<Tensor> tensors = new ArrayList<>();
    private boolean closed;

    private Scope() {}

    /** Opens a scope on this thread. Close it on the same thread, innermost first. */
    public static Scope open() {
        var scope = new Scope();
        STACK.get().push(scope);
        return scope;
    }

    /**
     * The number of tensors, in the whole process, that were made and neither kept nor freed explicitly: what is
     * still in open scopes, and what was made outside any scope. Two readings around a piece of work differ by
     * what it leaked.
     */
    public static long live() {
        return LIVE.get();
    }

    /** Lets {@code tensor} outlive this and every other scope; gives it back. */
    public Tensor keep(Tensor tensor) {
        tensor.keep();
        return tensor;
    }

    /** Makes this scope free a tensor that was kept, or made outside any scope or by another thread. */
    public Tensor adopt(Tensor tensor) {
        tensor.moveTo(this);
        tensors.add(tensor);
        return tensor;
    }

    /** Takes over a kept tensor, as from another thread, into the innermost scope of this thread; gives it back. */
    public static Tensor receive(Tensor tensor) {
        Scope scope = STACK.get().peek();
        return scope == null ? tensor : scope.adopt(tensor);
    }

    /** Frees every tensor made in this scope and not kept. A second call does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("a scope must be closed by the thread that opened it: opened by "
                    + thread.getName() + ", closed by " + Thread.currentThread().getName());
        }
        closed = true;
        STACK.get().remove(this);
        for (Tensor tensor : tensors) {
            tensor.leave(this);
        }
        tensors.clear();
    }

    /** Enters a new tensor into the innermost scope of this thread, if there is one. */
    static @Nullable Scope enter(Tensor tensor) {
        LIVE.incrementAndGet();
        Scope scope = STACK.get().peek();
        if (scope != null) {
            scope.tensors.add(tensor);
        }
        return scope;
    }

    static void count(int change) {
        LIVE.addAndGet(change);
    }
}
