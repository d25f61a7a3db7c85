package espalier.tensor;

import espalier.format.DType;
import java.util.List;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam's step for many parameters in one native call, which reads and writes each value once. The lists of
 * parameters and averages are handed over once and stay with libtorch; a step only passes the gradients.
 *
 * <p>The values are those of {@code torch.optim.Adam} and {@code AdamW}: {@code p -= lr * m̂ / (sqrt(v̂) + eps)}.
 * Not thread-safe. {@link #close} gives the lists back, not the tensors.
 */
public final class FusedAdam implements AutoCloseable {
    private static final String ADAM = "aten::_fused_adam_";
    private static final String ADAM_W = "aten::_fused_adamw_";

    private final List<Slot> slots;
    private final OperatorHandle operator;
    private final Type.TypePtr elementType;
    private final org.bytedeco.pytorch.Tensor step;
    private final IValue parameters;
    private final IValue averages;
    private final IValue squares;
    private final IValue steps;
    private final IValue none;
    private boolean closed;

    private FusedAdam(String operatorName, List<Slot> slots) { // all of one device
        this.slots = slots;
        operator = retain(Dispatcher.singleton().findSchemaOrThrow(operatorName, ""));
        elementType =
                retain(operator.schema().arguments().getPointer(0).type().get().containedType(0));
        var device = slots.get(0).parameter().device();
        step = retain(
                torch.zeros(new long[0], Tensor.options(DType.FLOAT32).device(new DeviceOptional(device.toNative()))));
        parameters = retain(list(slots.stream().map(slot -> slot.parameter().raw())));
        averages = retain(list(slots.stream().map(slot -> slot.expAvg().raw())));
        squares = retain(list(slots.stream().map(slot -> slot.expAvgSq().raw())));
        steps = retain(list(slots.stream().map(slot -> step)));
        none = retain(list(java.util.stream.Stream.empty()));
    }

    /**
     * A parameter and its running averages, which a step changes; all of one shape and order in memory.
     *
     * @param parameter the parameter
     * @param expAvg the average of its gradients
     * @param expAvgSq the average of their squares
     */
    public record Slot(Tensor parameter, Tensor expAvg, Tensor expAvgSq) {}

    /**
     * The numbers of a step, PyTorch's names.
     *
     * @param lr the learning rate
     * @param beta1 the share of the old average of gradients
     * @param beta2 the share of the old average of squares
     * @param eps added to the square root
     * @param weightDecay how much parameters shrink
     */
    public record Settings(double lr, double beta1, double beta2, double eps, double weightDecay) {}

    /** Adam as first published: weight decay is added to the gradients. */
    public static FusedAdam adam(List<Slot> slots) {
        return Native.run("fusedAdam", () -> new FusedAdam(ADAM, List.copyOf(slots)));
    }

    /** Adam with decoupled weight decay, which multiplies the parameters by {@code 1 - lr * weightDecay}. */
    public static FusedAdam adamW(List<Slot> slots) {
        return Native.run("fusedAdam", () -> new FusedAdam(ADAM_W, List.copyOf(slots)));
    }

    /**
     * Makes one step. Call with recording off.
     *
     * @param gradients one a slot, of the parameter's shape
     * @param number the number of the step, from 1, for the correction of the averages' start at 0
     */
    public void step(List<Tensor> gradients, Settings settings, long number) {
        if (closed || gradients.size() != slots.size()) {
            throw new IllegalStateException("fusedAdam: expected " + slots.size() + " gradients of an open optimiser,"
                    + " received " + gradients.size() + (closed ? " after close." : "."));
        }
        Native.run("fusedAdam", () -> {
            step.fill_(Native.scalar(number));
            var all = new GenericList(elementType);
            all.reserve(slots.size());
            for (int i = 0; i < slots.size(); i++) {
                follow(slots.get(i));
                all.push_back(new IValue(inOrderOf(slots.get(i).parameter(), gradients.get(i))));
            }
            var nothing = new IValue();
            var no = new IValue(false);
            operator.callBoxed(new IValueVector(
                    parameters,
                    new IValue(all),
                    averages,
                    squares,
                    none,
                    steps,
                    new IValue(settings.lr()),
                    new IValue(settings.beta1()),
                    new IValue(settings.beta2()),
                    new IValue(settings.weightDecay()),
                    new IValue(settings.eps()),
                    no,
                    no,
                    nothing,
                    nothing));
            return step;
        });
    }

    /** The kernel walks memory, so a gradient laid out otherwise than its parameter must be copied. */
    private static org.bytedeco.pytorch.Tensor inOrderOf(Tensor parameter, Tensor other) {
        return inSameOrder(parameter.raw(), other.raw()) ? other.raw() : laidOut(parameter, other);
    }

    /** Lays the averages out as their parameter, which may have been moved to another order since the last step. */
    private static void follow(Slot slot) {
        for (Tensor average : List.of(slot.expAvg(), slot.expAvgSq())) {
            if (!inSameOrder(slot.parameter().raw(), average.raw())) {
                average.raw().__dispatch_set_data(laidOut(slot.parameter(), average));
            }
        }
    }

    private static boolean inSameOrder(org.bytedeco.pytorch.Tensor one, org.bytedeco.pytorch.Tensor other) {
        int dims = (int) one.dim();
        boolean same = other.dim() == dims;
        for (int i = 0; same && i < dims; i++) {
            same = other.stride(i) == one.stride(i) && other.size(i) == one.size(i);
        }
        return same;
    }

    private static org.bytedeco.pytorch.Tensor laidOut(Tensor parameter, Tensor other) {
        Operands.checkInPlace("fusedAdam", parameter, other);
        var copy = torch.zeros_like(parameter.raw());
        copy.copy_(other.raw());
        return copy;
    }

    private IValue list(java.util.stream.Stream<org.bytedeco.pytorch.Tensor> tensors) {
        var list = new GenericList(elementType);
        tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
        return new IValue(list);
    }

    private static <P extends org.bytedeco.javacpp.Pointer> P retain(P pointer) {
        pointer.retainReference();
        return pointer;
    }

    /** Gives the lists back. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            List.of(parameters, averages, squares, steps, none).forEach(IValue::releaseReference);
            step.releaseReference();
            elementType.releaseReference();
            operator.releaseReference();
        }
    }
}
