package espalier.onnx;

import espalier.tensor.Functional.Window;
import espalier.tensor.Recording;
import espalier.tensor.Recording.Constant;
import espalier.tensor.Recording.Result;
import espalier.tensor.Recording.Step;
import espalier.tensor.Recording.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A computation that mirrors its pictures, works on them and mirrors them back, the right way round: without the two
 * copies. Networks with "same" padding train faster mirrored, see {@link espalier.nn.Conv2d#mirrored}; ONNX knows convolutions
 * that pad one side more than the other.
 */
final class Unmirrored {
    /** Operations that do the same to each value, wherever it lies. */
    private static final Set<String> POINTWISE =
            Set.of("relu", "relu6", "clamp", "silu", "sigmoid", "hardswish", "hardsigmoid", "add", "mul");

    private static final long[] PICTURE = {2, 3};

    private final List<Step> steps = new ArrayList<>();
    /** What now stands for the result of each former step; mirrored results are those of their plain counterparts. */
    private final List<Value> values = new ArrayList<>();

    private final List<Boolean> mirrored = new ArrayList<>();

    private Unmirrored() {}

    /** The same computation; the recording itself where it is not one that can be turned round. */
    static Recording of(Recording recording) {
        if (recording.steps().stream().noneMatch(Unmirrored::isFlip)) {
            return recording;
        }
        var unmirrored = new Unmirrored();
        for (Step step : recording.steps()) {
            if (!unmirrored.add(step)) {
                return recording;
            }
        }
        return unmirrored.isMirrored(recording.output())
                ? recording
                : new Recording(List.copyOf(unmirrored.steps), unmirrored.now(recording.output()));
    }

    private static boolean isFlip(Step step) {
        return step.op().equals("flip") && Arrays.equals(step.argument(0, long[].class), PICTURE);
    }

    private boolean isMirrored(Value value) {
        return value instanceof Result result && mirrored.get(result.step());
    }

    private Value now(Value value) {
        if (!(value instanceof Result result)) {
            return value;
        }
        Value now = values.get(result.step());
        return now instanceof Result other ? new Result(other.step(), result.position(), result.kind()) : now;
    }

    /** Whether the step could be taken over. */
    private boolean add(Step step) {
        if (isFlip(step)) {
            values.add(now(step.operand(0)));
            mirrored.add(!isMirrored(step.operand(0)));
            return true;
        }
        boolean turned = step.operands().stream().anyMatch(this::isMirrored);
        var taken = turned ? turned(step) : Optional.of(step);
        if (taken.isEmpty()) {
            return false;
        }
        var operands = taken.get().operands().stream().map(this::now).toList();
        values.add(new Result(steps.size(), 0, step.operand(0).kind()));
        mirrored.add(turned);
        steps.add(new Step(step.op(), operands, taken.get().arguments(), step.results()));
        return true;
    }

    /** What a step on mirrored pictures is on plain ones. */
    private Optional<Step> turned(Step step) {
        if (step.op().equals("conv2d") && step.operand(1) instanceof Constant weight) {
            return convolution(step, weight);
        }
        boolean same = step.operands().stream().allMatch(value -> isMirrored(value) || isUniform(value));
        return POINTWISE.contains(step.op()) && same ? Optional.of(step) : Optional.empty();
    }

    /** Whether a value is the same at all places of a picture. */
    private static boolean isUniform(Value value) {
        var sizes = value.kind().sizes();
        return !(value instanceof Result)
                && sizes.stream().skip(Math.max(0, sizes.size() - 2)).allMatch(size -> size == 1);
    }

    /** A window that began {@code padding} above the mirrored picture ends so far below the plain one. */
    private static Optional<Step> convolution(Step step, Constant weight) {
        var window = step.argument(0, Window.class);
        var sizes = step.operand(0).kind().sizes();
        var kernel = weight.kind().sizes();
        long[] pads = new long[4]; // top, left, bottom, right
        for (int dim = 0; dim < 2; dim++) {
            long size = sizes.get(2 + dim);
            long reach = (kernel.get(2 + dim) - 1) * window.dilation()[dim] + 1;
            long end = window.padding()[dim];
            long outputs = (size + 2 * end - reach) / window.stride()[dim] + 1;
            long begin = (outputs - 1) * window.stride()[dim] + reach - end - size;
            if (begin < 0) {
                return Optional.empty(); // windows that leave out the edge: ONNX has no negative padding here
            }
            pads[dim] = begin;
            pads[2 + dim] = end;
        }
        var operands = new ArrayList<>(step.operands());
        operands.set(1, mirrored(weight));
        return Optional.of(new Step(step.op(), operands, List.of(window, pads), step.results()));
    }

    private static Constant mirrored(Constant weight) {
        var sizes = weight.kind().sizes();
        int taps = Math.toIntExact(sizes.get(2) * sizes.get(3));
        int bytes = weight.kind().dtype().bytes();
        byte[] from = weight.data();
        byte[] to = new byte[from.length];
        for (int kernel = 0; kernel < from.length; kernel += taps * bytes) {
            for (int tap = 0; tap < taps; tap++) {
                System.arraycopy(from, kernel + tap * bytes, to, kernel + (taps - 1 - tap) * bytes, bytes);
            }
        }
        return new Constant(weight.kind(), to);
    }
}
