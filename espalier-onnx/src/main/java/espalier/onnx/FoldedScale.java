package espalier.onnx;

import espalier.format.DType;
import espalier.format.RawTensor;
import espalier.tensor.Functional.Window;
import espalier.tensor.Recording;
import espalier.tensor.Recording.Constant;
import espalier.tensor.Recording.Kind;
import espalier.tensor.Recording.Result;
import espalier.tensor.Recording.Step;
import espalier.tensor.Recording.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network whose first convolution does the scaling of its pictures: {@code (x / 255 - mean) / std} is {@code (x - 255 mean)}
 * times a number for each channel, which its weights can hold. That leaves one pass over the pictures of three, and zeros at the
 * border stay zeros.
 */
final class FoldedScale {
    private FoldedScale() {}

    /** The subtraction, what is around it, and the convolution behind, by their places. */
    private record Found(Optional<Integer> scale, int shift, int deviation, int convolution) {}

    /** The same computation; the recording itself where it does not begin so. */
    static Recording of(Recording recording) {
        return find(recording.steps()).map(found -> folded(recording, found)).orElse(recording);
    }

    private static Optional<Found> find(List<Step> steps) {
        for (int i = 0; i + 2 < steps.size(); i++) {
            if (isPerChannel(steps.get(i), "sub")
                    && isPerChannel(steps.get(i + 1), "div")
                    && follows(steps, i, i + 1)
                    && follows(steps, i + 1, i + 2)
                    && isPlainConvolution(steps.get(i + 2))) {
                boolean scaled = i > 0 && isByNumber(steps.get(i - 1)) && follows(steps, i - 1, i);
                return Optional.of(new Found(scaled ? Optional.of(i - 1) : Optional.empty(), i, i + 1, i + 2));
            }
        }
        return Optional.empty();
    }

    private static boolean isPerChannel(Step step, String op) {
        return step.op().equals(op)
                && step.operands().size() == 2
                && step.operand(1) instanceof Constant constant
                && constant.kind().equals(new Kind(DType.FLOAT32, List.of(1L, 3L, 1L, 1L)));
    }

    private static boolean isByNumber(Step step) {
        return step.op().equals("div")
                && step.operands().size() == 1
                && step.arguments().size() == 1
                && step.arguments().get(0) instanceof Double;
    }

    private static boolean isPlainConvolution(Step step) {
        return step.op().equals("conv2d")
                && step.argument(0, Window.class).groups() == 1
                && step.operand(1) instanceof Constant weight
                && weight.kind().dtype() == DType.FLOAT32;
    }

    /** Whether what a step gives is what the next takes first, and nothing else takes it. */
    private static boolean follows(List<Step> steps, int step, int next) {
        long uses = steps.stream()
                .flatMap(one -> one.operands().stream())
                .filter(value -> value instanceof Result result && result.step() == step)
                .count();
        return uses == 1 && steps.get(next).operand(0) instanceof Result result && result.step() == step;
    }

    private static Recording folded(Recording recording, Found found) {
        var steps = recording.steps();
        double scale = found.scale()
                .map(place -> steps.get(place).argument(0, Double.class))
                .orElse(1.0);
        var mean = (Constant) steps.get(found.shift()).operand(1);
        var deviation = (Constant) steps.get(found.deviation()).operand(1);
        int first = found.scale().orElse(found.shift());
        int left = found.shift() - first + 1; // steps that are left out before the convolution

        var changed = new ArrayList<Step>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (i == found.shift()) {
                var shift = times(mean, (value, at) -> value * scale);
                changed.add(
                        new Step("sub", List.of(steps.get(first).operand(0), shift), step.arguments(), step.results()));
            } else if (i == found.convolution()) {
                var operands = moved(step.operands(), first, left);
                operands.set(0, new Result(first, 0, step.operand(0).kind()));
                operands.set(1, weight((Constant) step.operand(1), floats(deviation), scale));
                changed.add(new Step(step.op(), operands, step.arguments(), step.results()));
            } else if (i < first || i > found.deviation()) {
                changed.add(new Step(step.op(), moved(step.operands(), first, left), step.arguments(), step.results()));
            }
        }
        return new Recording(
                List.copyOf(changed),
                moved(List.of(recording.output()), first, left).get(0));
    }

    /** Values behind the steps that are left out have other places. */
    private static List<Value> moved(List<Value> values, int first, int left) {
        var moved = new ArrayList<Value>();
        for (Value value : values) {
            moved.add(
                    value instanceof Result result && result.step() > first
                            ? new Result(result.step() - left, result.position(), result.kind())
                            : value);
        }
        return moved;
    }

    /** The weights for pictures that were not divided. @shape {@code [O, 3, H, W]} */
    private static Constant weight(Constant weight, float[] deviation, double scale) {
        int taps = Math.toIntExact(
                weight.kind().sizes().get(2) * weight.kind().sizes().get(3));
        return times(weight, (value, at) -> value / (scale * deviation[at / taps % deviation.length]));
    }

    private interface Change {
        double of(float value, int at);
    }

    private static Constant times(Constant constant, Change change) {
        float[] values = floats(constant);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) change.of(values[i], i);
        }
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Constant(constant.kind(), bytes.array());
    }

    private static float[] floats(Constant constant) {
        long[] shape =
                constant.kind().sizes().stream().mapToLong(Long::longValue).toArray();
        return RawTensor.of(constant.kind().dtype(), shape, ByteBuffer.wrap(constant.data()))
                .floats();
    }
}
