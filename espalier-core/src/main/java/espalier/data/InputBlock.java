package espalier.data;

import espalier.format.Transform;
import espalier.item.Item;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the inputs of a data set are: how one is read, transformed, and made into a batch.
 *
 * @param <X> an input before it becomes part of a batch
 */
public interface InputBlock<X> {
    /** What the inputs are, for explanations: {@code "image"}. */
    String name();

    /**
     * Looks at an item without reading all of it: why it can never be an input, if so. Called once an item, before
     * training, from several threads.
     */
    Optional<String> reject(Item item);

    /**
     * Reads and transforms an item; called from several threads.
     *
     * @throws DataException when the item cannot be read; the message says why
     */
    X read(Item item, List<? extends Transform<X>> transforms, boolean training, Rng rng);

    /**
     * Makes a batch in two steps: what runs on the loader's thread at once, and what the supplier runs on the
     * training thread, where all compute threads are free.
     *
     * @param rngs each item's own generator
     */
    Supplier<Tensor> collate(List<X> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs);

    /** What is odd about the items that were read so far and used nevertheless, one line a kind with a count. */
    default List<String> warnings() {
        return List.of();
    }

    /** What the first item looks like after reading and after each transform, one line each. */
    List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<X>> transforms);
}
