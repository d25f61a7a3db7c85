package espalier.tensor;

import espalier.format.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.global.torch;

/**
 * Tensors over the memory of direct buffers. libtorch says when the last tensor or view over a memory is gone; until
 * then its buffer is held here, so that the garbage collector does not free it.
 */
final class DirectMemory {
    private static final Map<Long, Deque<ByteBuffer>> HELD = new HashMap<>();

    /** One for the life of the process: libtorch calls it from whichever thread drops the last reference. */
    private static final PointerConsumer RELEASE = new PointerConsumer() {
        @Override
        public void call(Pointer data) {
            release(data.address());
        }
    };

    static {
        RELEASE.retainReference();
    }

    private DirectMemory() {}

    static Tensor tensor(ByteBuffer direct, DType dtype, long... shape) {
        if (!direct.isDirect() || direct.isReadOnly()) {
            throw new IllegalArgumentException("over: expected a direct buffer that may be written to, received "
                    + direct + ". Maybe make it with ByteBuffer.allocateDirect, or copy with Tensor.from.");
        }
        if (direct.order() != ByteOrder.LITTLE_ENDIAN && dtype.bytes() > 1) {
            throw new IllegalArgumentException("over: the buffer's order is big-endian, tensors are little-endian."
                    + " Maybe call order(ByteOrder.LITTLE_ENDIAN) before writing to it.");
        }
        Operands.bytes("over", direct.remaining(), dtype, Shape.of(shape));
        if (direct.remaining() == 0) {
            return Tensor.empty(dtype, shape);
        }
        return Native.call("over", () -> {
            var pointer = new BytePointer(direct.slice());
            long address = pointer.address();
            if (address % dtype.bytes() != 0) {
                throw new IllegalArgumentException("over: the buffer starts in the middle of a " + dtype.torchName()
                        + ". Maybe slice it at a multiple of " + dtype.bytes() + " bytes.");
            }
            hold(address, direct);
            return torch.from_blob(pointer, shape, RELEASE, Tensor.options(dtype));
        });
    }

    private static synchronized void hold(long address, ByteBuffer buffer) {
        HELD.computeIfAbsent(address, at -> new ArrayDeque<>()).push(buffer);
    }

    private static synchronized void release(long address) {
        var buffers = HELD.get(address);
        if (buffers != null) {
            buffers.pop();
            if (buffers.isEmpty()) {
                HELD.remove(address);
            }
        }
    }

    /** How many buffers are held now. */
    static synchronized int held() {
        return HELD.values().stream().mapToInt(Deque::size).sum();
    }
}
