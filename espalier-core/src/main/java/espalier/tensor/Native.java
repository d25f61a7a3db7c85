package espalier.tensor;

import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The one door to libtorch. Each call runs in a JavaCPP scope of its own, so that the small natives it
 * needs (scalars, optionals, options) are freed at once; only the resulting tensor leaves it. Without
 * this, small natives are most of what a long-running process leaks.
 */
final class Native {
    /** Why libtorch is not there; thrown at each use, since an error of this class's making would be told only once. */
    private static final @Nullable String FAILURE = loaded();

    private Native() {}

    /** A native call that gives one tensor. */
    @FunctionalInterface
    interface Call {
        org.bytedeco.pytorch.Tensor run();
    }

    /** A native call that gives any Java value, possibly made of {@link Tensor}s. */
    @FunctionalInterface
    interface Body<R> {
        R run();
    }

    private static @Nullable String loaded() {
        // JavaCPP's guard counts all memory of the process against four times the heap and would stop training.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
        try {
            UnpackedLibraries.makeWhole();
            HostMemory.sleepInsteadOfSpinning();
            org.bytedeco.javacpp.Loader.load(torch.class);
            // libtorch counts the machine's cores; Java knows what a container may use of them.
            int processors = Runtime.getRuntime().availableProcessors();
            if (processors < torch.get_num_threads()) {
                torch.set_num_threads(processors);
            }
            return null;
        } catch (IOException | LinkageError failure) {
            return "libtorch could not be loaded: "
                    + String.valueOf(failure.getMessage()).replaceAll("[.]+$", "")
                    + ". Maybe the natives of this platform are not on the class path, or the folder that they are"
                    + " unpacked to is not writable or forbids programs (set -Dorg.bytedeco.javacpp.cachedir=FOLDER).";
        }
    }

    /**
     * Loads libtorch when it is not loaded yet.
     *
     * @throws NativeException when it cannot be loaded
     */
    static void load() {
        if (FAILURE != null) {
            throw new NativeException(FAILURE);
        }
    }

    /**
     * Runs a call with natives of its own.
     *
     * @param arguments what the operation is given besides tensors and {@link #scalar}s, for a {@link Recording}
     */
    static Tensor call(String op, Call call, Object... arguments) {
        return run(op, () -> take(call.run()), arguments);
    }

    /** Runs a body with natives of its own; what it takes over with {@link #take} survives. */
    static <R> R run(String op, Body<R> body, Object... arguments) {
        Tape tape = Tape.current();
        return tape == null ? scoped(op, body) : tape.record(op, List.of(arguments), () -> scoped(op, body));
    }

    private static <R> R scoped(String op, Body<R> body) {
        load();
        try (var scope = new PointerScope()) {
            return body.run();
        } catch (RuntimeException failure) {
            throw translate(op, failure);
        }
    }

    /** Runs a body that changes {@code self} in place. */
    static Tensor inPlace(String op, Tensor self, Runnable body, Object... arguments) {
        return run(
                op,
                () -> {
                    Tape tape = Tape.current();
                    if (tape != null) {
                        tape.changes(self);
                    }
                    body.run();
                    return self;
                },
                arguments);
    }

    /** Takes over a tensor that libtorch returned by value. */
    static Tensor take(org.bytedeco.pytorch.Tensor raw) {
        raw.retainReference();
        var tensor = new Tensor(raw);
        Tape tape = Tape.current();
        if (tape != null) {
            tape.made(tensor);
        }
        return tensor;
    }

    /** Takes over a tensor that libtorch returned as a reference into something else. */
    static Tensor takeCopy(org.bytedeco.pytorch.Tensor reference) {
        return take(new org.bytedeco.pytorch.Tensor(reference));
    }

    static org.bytedeco.pytorch.Tensor raw(Object tensor) {
        return ((Tensor) tensor).raw();
    }

    static Scalar scalar(double value) {
        noted(value);
        return new Scalar(value);
    }

    /** A whole number stays one, so that adding 1 to an int64 tensor keeps its type, as in PyTorch. */
    static Scalar scalar(Tensor like, double value) {
        boolean whole = !like.dtype().isFloatingPoint() && value == Math.rint(value) && Math.abs(value) < 0x1p63;
        noted(value);
        return whole ? new Scalar((long) value) : new Scalar(value);
    }

    private static void noted(double argument) {
        Tape tape = Tape.current();
        if (tape != null) {
            tape.argument(argument);
        }
    }

    static TensorOptional optional(@Nullable Tensor tensor) {
        Tape tape = tensor == null ? Tape.current() : null;
        if (tape != null) {
            tape.touchNothing();
        }
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.raw());
    }

    static TensorVector vector(Iterable<Tensor> tensors) {
        var vector = new TensorVector();
        for (Tensor tensor : tensors) {
            vector.push_back(tensor.raw());
        }
        return vector;
    }

    private static RuntimeException translate(String op, RuntimeException failure) {
        if (failure instanceof ShapeException
                || failure instanceof NativeException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure instanceof IndexOutOfBoundsException) {
            return failure;
        }
        String message = String.valueOf(failure.getMessage());
        int trace = message.indexOf("\nException raised from");
        String reason = (trace < 0 ? message : message.substring(0, trace)).strip();
        return new NativeException(op + " failed in libtorch: " + reason + Hints.of(reason), failure);
    }
}
