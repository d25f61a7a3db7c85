package espalier.weights;

import espalier.format.DType;
import espalier.format.RawTensor;
import espalier.report.PlainText;
import espalier.weights.Pickle.PickleException;
import espalier.weights.PthObjects.Storage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor of a {@code .pth} file before its bytes are known: elements of a storage, found by an offset and a
 * stride for each dimension, all counted in elements.
 */
record TensorView(Storage storage, DType dtype, long offset, List<Long> shape, List<Long> stride) {

    /**
     * The tensor with its elements in row-major order: a part of {@code content} where they already lie so,
     * else a copy.
     *
     * @param content the bytes of the storage
     * @param bigEndian whether the bytes of each element must be turned round
     * @param limit how many bytes a copy may take
     * @throws PickleException when the view reaches out of its storage
     */
    RawTensor read(ByteBuffer content, boolean bigEndian, long limit) throws PickleException {
        long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
        long bytes = check(dims);
        if (bytes == 0) {
            return RawTensor.of(dtype, dims, ByteBuffer.allocate(0));
        }
        boolean swap = bigEndian && dtype.bytes() > 1;
        if (isContiguous() && !swap) {
            return RawTensor.of(dtype, dims, content.slice((int) (offset * dtype.bytes()), (int) bytes));
        }
        if (bytes > limit) {
            throw new PickleException(
                    "a view of shape " + shape + " of the storage " + shown() + " would grow far beyond the file");
        }
        return RawTensor.of(dtype, dims, copy(content, (int) bytes, swap));
    }

    /** Whether reading makes a copy. */
    boolean isCopied(boolean bigEndian) {
        return !isContiguous() || bigEndian;
    }

    /** Gives the size in bytes after checking that every element lies in the storage. */
    private long check(long[] dims) throws PickleException {
        if (offset < 0 || stride.size() != dims.length || stride.stream().anyMatch(step -> step < 0)) {
            throw new PickleException("a view of the storage " + shown() + " has a negative offset or stride");
        }
        try {
            long bytes = RawTensor.byteCount(dtype, dims);
            long last = offset;
            for (int i = 0; i < dims.length && bytes > 0; i++) {
                last = Math.addExact(last, Math.multiplyExact(dims[i] - 1, stride.get(i)));
            }
            long available = storage.bytes() / dtype.bytes();
            if (bytes > Integer.MAX_VALUE || (bytes > 0 && last >= available)) {
                throw new PickleException("a view of shape %s from element %d on reaches element %d of the storage %s,"
                                .formatted(shape, offset, last, shown())
                        + " which has only " + available);
            }
            return bytes;
        } catch (IllegalArgumentException | ArithmeticException wrong) {
            throw new PickleException(
                    "a view of the storage " + shown() + " has the impossible shape " + shape + " or stride " + stride);
        }
    }

    private boolean isContiguous() {
        long expected = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            if (shape.get(i) != 1 && stride.get(i) != expected) {
                return false;
            }
            expected *= shape.get(i);
        }
        return true;
    }

    private ByteBuffer copy(ByteBuffer content, int bytes, boolean swap) {
        int width = dtype.bytes();
        ByteBuffer from = content.duplicate().order(swap ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int last = shape.size() - 1;
        // A scalar is a row of one.
        long row = last < 0 ? 1 : shape.get(last);
        long step = last < 0 ? 1 : stride.get(last);
        long[] index = new long[Math.max(last, 0)];
        long start = offset;
        while (to.hasRemaining()) {
            long element = start;
            for (long i = 0; i < row; i++, element += step) {
                move(from, (int) (element * width), to, width);
            }
            for (int dim = last - 1; dim >= 0; dim--) {
                start += stride.get(dim);
                if (++index[dim] < shape.get(dim)) {
                    break;
                }
                start -= stride.get(dim) * shape.get(dim);
                index[dim] = 0;
            }
        }
        return to.flip();
    }

    private static void move(ByteBuffer from, int at, ByteBuffer to, int width) {
        switch (width) {
            case 1 -> to.put(from.get(at));
            case 2 -> to.putShort(from.getShort(at));
            case 4 -> to.putInt(from.getInt(at));
            default -> to.putLong(from.getLong(at));
        }
    }

    private String shown() {
        return PlainText.quoted(storage.key());
    }
}
