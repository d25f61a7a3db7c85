package espalier.tensor;

import espalier.tensor.Recording.Constant;
import espalier.tensor.Recording.Kind;
import espalier.tensor.Recording.Nothing;
import espalier.tensor.Recording.Result;
import espalier.tensor.Recording.Step;
import espalier.tensor.Recording.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The recording of one run of a computation on this thread. {@link Native} tells it where an operation begins and ends,
 * what it works on, what it is given and what comes out; while nothing is recorded, that costs the reading of a number.
 *
 * <p>A value that depends on the input is known by its {@link Tensor}. An in-place operation gives its tensor a new value,
 * and other tensors that share its memory none: using them afterwards is refused.
 */
final class Tape {
    private static final AtomicInteger RUNNING = new AtomicInteger();
    private static final ThreadLocal<@Nullable Tape> CURRENT = new ThreadLocal<>();

    private final boolean values;
    private final List<Step> steps = new ArrayList<>();
    private final IdentityHashMap<Tensor, Value> known = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, Constant> constants = new IdentityHashMap<>();
    private final Set<Tensor> stale = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable Frame frame;
    private boolean paused;

    private Tape(boolean values) {
        this.values = values;
    }

    /** An operation that runs. */
    private static final class Frame {
        private final String op;
        private final List<Object> operands = new ArrayList<>(); // tensors, or nothing
        private final List<Object> arguments = new ArrayList<>();
        private final List<Tensor> results = new ArrayList<>();
        private @Nullable Tensor changed;

        Frame(String op, List<Object> arguments) {
            this.op = op;
            arguments.forEach(
                    value -> this.arguments.add(value instanceof Integer number ? number.longValue() : value));
        }
    }

    /** The steps of a run and what it returned; constants hold values when {@code values}, zeros otherwise. */
    static Recording run(UnaryOperator<Tensor> computation, Tensor input, boolean values) {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("a recording is already running on this thread.");
        }
        var tape = new Tape(values);
        tape.known.put(input, new Recording.Input(kind(input)));
        CURRENT.set(tape);
        RUNNING.incrementAndGet();
        try {
            Tensor output = computation.apply(input);
            return new Recording(List.copyOf(tape.steps), tape.value(output));
        } finally {
            RUNNING.decrementAndGet();
            CURRENT.remove();
        }
    }

    /** The tape of this thread, if it records. */
    static @Nullable Tape current() {
        if (RUNNING.get() == 0) {
            return null;
        }
        Tape tape = CURRENT.get();
        return tape == null || tape.paused ? null : tape;
    }

    /** Runs an operation and notes it when it works on something that depends on the input. */
    <R> R record(String op, List<Object> arguments, Native.Body<R> body) {
        Frame outer = frame;
        var own = new Frame(op, arguments);
        frame = own;
        try {
            R result = body.run();
            note(own);
            return result;
        } finally {
            frame = outer;
        }
    }

    /** The running operation works on {@code tensor}. */
    void touch(Tensor tensor) {
        if (frame != null) {
            frame.operands.add(tensor);
        } else if (known.containsKey(tensor)) {
            throw new IllegalArgumentException(
                    "the computation looks at values that depend on its input, which cannot be"
                            + " recorded. Maybe express it by tensor operations.");
        }
    }

    /** The running operation is given no tensor where it could. */
    void touchNothing() {
        if (frame != null) {
            frame.operands.add(new Nothing());
        }
    }

    /** The running operation is given a number. */
    void argument(double value) {
        if (frame != null) {
            frame.arguments.add(value);
        }
    }

    /** The running operation made {@code tensor}. */
    void made(Tensor tensor) {
        if (frame != null) {
            frame.results.add(tensor);
        }
    }

    /** The running operation is about to change {@code tensor}. */
    void changes(Tensor tensor) {
        if (frame != null) {
            frame.changed = tensor;
        }
        if (!known.containsKey(tensor)) {
            constants.remove(tensor);
            constant(tensor); // as it is before the change
        }
    }

    private void note(Frame done) {
        boolean depends = done.operands.stream().anyMatch(known::containsKey);
        Tensor changed = done.changed;
        if (!depends) {
            if (changed != null) {
                constants.remove(changed); // it has another value from now on
            }
            return;
        }
        if (changed == null && done.results.isEmpty()) {
            throw new IllegalArgumentException(done.op + " looks at values that depend on the input of the computation,"
                    + " which cannot be recorded. Maybe express it by tensor operations.");
        }
        String op = done.op.endsWith("_") ? done.op.substring(0, done.op.length() - 1) : done.op;
        var operands = done.operands.stream()
                .map(operand -> operand instanceof Tensor tensor ? value(tensor) : (Value) operand)
                .toList();
        var results = changed != null ? List.of(changed) : done.results;
        if (changed != null) {
            constants.remove(changed);
            spoilAliases(changed);
        }
        for (int i = 0; i < results.size(); i++) {
            known.put(results.get(i), new Result(steps.size(), i, kind(results.get(i))));
        }
        steps.add(new Step(op, operands, List.copyOf(done.arguments), results.size()));
    }

    private void spoilAliases(Tensor changed) {
        for (Tensor other : known.keySet()) {
            if (other != changed && !other.isClosed() && other.sharesMemory(changed)) {
                stale.add(other);
            }
        }
    }

    private Value value(Tensor tensor) {
        if (stale.contains(tensor)) {
            throw new IllegalArgumentException("the computation uses a tensor of shape " + tensor.shape()
                    + " after its memory was changed through another one, which cannot be recorded."
                    + " Maybe use the form of the operation without the underscore.");
        }
        Value value = known.get(tensor);
        return value != null ? value : constant(tensor);
    }

    private static Kind kind(Tensor tensor) {
        return new Kind(
                tensor.dtype(), Arrays.stream(tensor.shape().sizes()).boxed().toList());
    }

    private Constant constant(Tensor tensor) {
        Constant before = constants.get(tensor);
        if (before != null) {
            return before;
        }
        paused = true; // reading it is no operation of the computation
        try {
            var constant = new Constant(kind(tensor), values ? tensor.toByteArray() : new byte[0]);
            constants.put(tensor, constant);
            return constant;
        } finally {
            paused = false;
        }
    }
}
