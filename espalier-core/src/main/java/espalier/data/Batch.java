package espalier.data;

import espalier.item.Item;
import espalier.tensor.Device;
import espalier.tensor.Tensor;
import java.util.List;

/**
 * Some items as the model takes them.
 *
 * @param x inputs, {@code [N, ...]}
 * @param y targets, {@code [N]} or {@code [N, K]}; without meaning where the items have no labels
 * @param items what the rows are, in order
 */
public record Batch(Tensor x, Tensor y, List<Item> items) {
    /** The same batch on {@code device}. */
    public Batch to(Device device) {
        return new Batch(x.to(device), y.to(device), items);
    }

    /** The same batch on {@code device}, without waiting for a copy from pinned memory. */
    public Batch toAsync(Device device) {
        return new Batch(x.toAsync(device), y.toAsync(device), items);
    }

    /** The same batch in page-locked memory. @throws espalier.tensor.NativeException where there is no graphics card */
    public Batch pinMemory() {
        return new Batch(x.pinMemory(), y.pinMemory(), items);
    }

    /** Its first items alone. */
    public Batch first(int count) {
        return new Batch(x.narrow(0, 0, count), y.narrow(0, 0, count), items.subList(0, count));
    }

    /** The number of items. */
    public int size() {
        return items.size();
    }
}
