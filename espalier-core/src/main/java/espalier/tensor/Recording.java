package espalier.tensor;

import espalier.format.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * What a computation does to its input, operation by operation: how a model's forward pass leaves Java, such as for a
 * file of another runtime.
 *
 * <pre>{@code
 * var recording = Recording.of(model::forward, n -> Tensor.zeros(n, 3, 224, 224));
 * recording.steps();                  // conv2d, relu, maxPool2d, ...
 * }</pre>
 *
 * <p>The computation really runs, twice, with two sizes of the batch; what differs between the two runs depends on the
 * batch and nothing else may. Operations on values that do not depend on the input are not steps: their results are
 * {@link Constant}s, so that weights which are mirrored or multiplied with a norm arrive as they are used.
 *
 * <p>A computation that looks at values of its input, such as with {@link Tensor#item}, cannot be recorded and is
 * refused. Only operations of the calling thread are recorded.
 *
 * @param steps the operations, in the order in which they ran
 * @param output what the computation returned
 */
public record Recording(List<Step> steps, Value output) {
    private static final int FIRST = 2;
    private static final int SECOND = 3;

    /**
     * The type and shape of a tensor.
     *
     * @param sizes its shape; -1 where the size depends on the batch's
     */
    public record Kind(DType dtype, List<Long> sizes) {
        /** The number of dimensions. */
        public int dim() {
            return sizes.size();
        }
    }

    /** Something that an operation works on. */
    public sealed interface Value {
        /** Its type and shape; that of {@link Nothing} is an empty boolean. */
        Kind kind();
    }

    /** What the computation was called with. */
    public record Input(Kind kind) implements Value {}

    /** An optional operand that is absent, such as the bias of a convolution without one. */
    public record Nothing() implements Value {
        @Override
        public Kind kind() {
            return new Kind(DType.BOOL, List.of(0L));
        }
    }

    /**
     * What an earlier step gave.
     *
     * @param step its index
     * @param position which of its results
     */
    public record Result(int step, int position, Kind kind) implements Value {}

    /**
     * A tensor that does not depend on the input.
     *
     * @param data little-endian elements in row-major order; empty when a size depends on the batch's, which only zeros
     *     may
     */
    @SuppressWarnings("ArrayRecordComponent") // the weights of a model, which nobody compares
    public record Constant(Kind kind, byte[] data) implements Value {}

    /**
     * One operation.
     *
     * @param op its name: the method of {@link Tensor} or {@link Functional}, without the underscore of in-place forms
     * @param operands the tensors that it worked on, in PyTorch's order
     * @param arguments what else it was given: longs, {@code long[]}, booleans, doubles, records of this package. Sizes
     *     that are the batch's are -1
     * @param results the number of tensors that it gave
     */
    public record Step(String op, List<Value> operands, List<Object> arguments, int results) {
        /** The tensor at {@code position}. */
        public Value operand(int position) {
            return operands.get(position);
        }

        /** Whether an optional tensor was given. */
        public boolean has(int position) {
            return position < operands.size() && !(operands.get(position) instanceof Nothing);
        }

        /** The argument at {@code position}. @throws IllegalArgumentException when it is not of this type */
        public <T> T argument(int position, Class<T> type) {
            if (position >= arguments.size() || !type.isInstance(arguments.get(position))) {
                throw new IllegalArgumentException(op + ": expected a " + type.getSimpleName() + " as argument "
                        + position + ", recorded " + arguments + ".");
            }
            return type.cast(arguments.get(position));
        }
    }

    /**
     * Records a computation.
     *
     * @param input makes an input for a number of items; its values do not matter
     * @throws IllegalArgumentException when the computation looks at values, draws at random or depends on the size of
     *     the batch in a way that holds for one size alone
     */
    public static Recording of(UnaryOperator<Tensor> computation, IntFunction<Tensor> input) {
        try (var scope = Scope.open();
                var off = Grad.off();
                var full = Grad.autocast(DType.FLOAT32)) {
            var first = Tape.run(computation, input.apply(FIRST), true);
            var second = Tape.run(computation, input.apply(SECOND), false);
            if (first.steps().size() != second.steps().size()) {
                throw new IllegalArgumentException(
                        "the computation takes another course for another size of the batch: "
                                + first.steps().size() + " and "
                                + second.steps().size() + " operations.");
            }
            var steps = new ArrayList<Step>();
            var end = new Step("the end", List.of(first.output()), List.of(), 0);
            for (int i = 0; i < first.steps().size(); i++) {
                steps.add(merged(first.steps().get(i), second.steps().get(i)));
            }
            return new Recording(List.copyOf(steps), merged(end, first.output(), second.output()));
        }
    }

    private static Step merged(Step first, Step second) {
        if (!first.op().equals(second.op())
                || first.operands().size() != second.operands().size()
                || first.arguments().size() != second.arguments().size()) {
            throw differs(first, second);
        }
        var operands = new ArrayList<Value>();
        for (int i = 0; i < first.operands().size(); i++) {
            operands.add(merged(first, first.operand(i), second.operand(i)));
        }
        var arguments = new ArrayList<>();
        for (int i = 0; i < first.arguments().size(); i++) {
            arguments.add(
                    merged(first, first.arguments().get(i), second.arguments().get(i)));
        }
        return new Step(first.op(), List.copyOf(operands), List.copyOf(arguments), first.results());
    }

    private static Value merged(Step step, Value first, Value second) {
        if (first instanceof Constant a && second instanceof Constant b) {
            return merged(step, a, b);
        }
        if (first instanceof Input) {
            return new Input(merged(step, first.kind(), second.kind()));
        }
        if (first instanceof Result a
                && second instanceof Result b
                && a.step() == b.step()
                && a.position() == b.position()) {
            return new Result(a.step(), a.position(), merged(step, a.kind(), b.kind()));
        }
        if (!first.equals(second)) {
            throw differs(step, step);
        }
        return first;
    }

    private static Constant merged(Step step, Constant first, Constant second) {
        if (first.kind().equals(second.kind())) {
            return first;
        }
        for (byte value : first.data()) {
            if (value != 0) {
                throw new IllegalArgumentException(
                        step.op() + " uses a constant of shape " + first.kind().sizes()
                                + " that grows with the batch. Maybe give it a batch of 1, which broadcasts.");
            }
        }
        return new Constant(merged(step, first.kind(), second.kind()), new byte[0]);
    }

    private static Kind merged(Step step, Kind first, Kind second) {
        long[] sizes = merged(step, array(first.sizes()), array(second.sizes()));
        return new Kind(first.dtype(), Arrays.stream(sizes).boxed().toList());
    }

    private static Object merged(Step step, Object first, Object second) {
        if (first instanceof long[] a && second instanceof long[] b) {
            return merged(step, a, b);
        }
        if (first instanceof Functional.Window || first.equals(second)) {
            return first; // windows of one layer do not depend on the batch
        }
        throw new IllegalArgumentException(step.op() + " is given " + first + " for a batch of " + FIRST + " and "
                + second + " for one of " + SECOND + ", which a recording cannot hold.");
    }

    private static long[] merged(Step step, long[] first, long[] second) {
        if (first.length != second.length) {
            throw differs(step, step);
        }
        long[] merged = first.clone();
        for (int i = 0; i < first.length; i++) {
            if (first[i] != second[i]) {
                boolean scales = first[i] % FIRST == 0 && first[i] / FIRST * SECOND == second[i];
                if (!scales || Arrays.stream(merged).anyMatch(size -> size == -1)) {
                    throw new IllegalArgumentException(step.op() + " is given the sizes " + Arrays.toString(first)
                            + " for a batch of " + FIRST + " and " + Arrays.toString(second) + " for one of " + SECOND
                            + ", which a recording cannot hold. Maybe leave one size to be computed: -1.");
                }
                merged[i] = -1;
            }
        }
        return merged;
    }

    private static long[] array(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    private static IllegalArgumentException differs(Step first, Step second) {
        return new IllegalArgumentException("the computation takes another course for another size of the batch: at "
                + first.op() + " and " + second.op() + ".");
    }
}
