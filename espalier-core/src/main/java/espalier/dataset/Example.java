package espalier.dataset;

import espalier.tensor.Device;
import espalier.tensor.Tensor;

/**
 * An input with its target; also a batch of them.
 *
 * @param x the input, {@code [...]}; in a batch {@code [N, ...]}
 * @param y the target, often a scalar int64; in a batch {@code [N, ...]}
 */
public record Example(Tensor x, Tensor y) {
    /** An input with the index of its class. */
    public static Example of(Tensor x, long label) {
        return new Example(x, Tensor.of(new long[] {label}));
    }

    /** Both on {@code device}. */
    public Example to(Device device) {
        return new Example(x.to(device), y.to(device));
    }

    /** The number of examples of a batch: the size of the first dimension. */
    public int size() {
        return Math.toIntExact(x.size(0));
    }
}
