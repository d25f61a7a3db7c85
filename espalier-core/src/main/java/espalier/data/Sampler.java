package espalier.data;

import espalier.item.Item;
import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** Which items an epoch consists of, and in which order. Immutable: an epoch's order depends on its generator alone. */
public interface Sampler {
    /** How many items an epoch of {@code dataset} has. */
    default int count(Dataset dataset) {
        return dataset.size();
    }

    /** The places in {@code dataset}, from 0, of an epoch's {@link #count} items. */
    int[] order(Dataset dataset, Rng rng);

    /** All items in their own order. */
    static Sampler inOrder() {
        return (dataset, rng) -> IntStream.range(0, dataset.size()).toArray();
    }

    /** All items in random order. */
    static Sampler shuffled() {
        return (dataset, rng) -> rng.derive(-1).permutation(dataset.size());
    }

    /**
     * All items in random order, but batches of items that are about equally long, so that little is padded: torchtext's
     * {@code BucketIterator}. The shuffled items are sorted by length in chunks of 100 batches, and the batches of a chunk
     * are shuffled. What differs: items that make no whole batch come last, not sorted.
     *
     * @param length of an item, such as its number of tokens
     * @param batchSize the loader's
     */
    static Sampler buckets(ToIntFunction<Item> length, int batchSize) {
        return new Buckets(length, batchSize);
    }

    /** All items, the shortest first, without chance: to judge with little padding. */
    static Sampler byLength(ToIntFunction<Item> length) {
        return (dataset, rng) -> Buckets.byLength(dataset, length);
    }

    /** As many items as there are, all labels about equally often. */
    static Sampler balanced() {
        return byLabel(Map.of());
    }

    /**
     * As many items as there are, drawn so that each label has its share of an epoch: with {@code {"cat": 2}} there are
     * twice as many cats as items of any other label, however many files there are. An item with several labels counts as
     * one of the rarest of them, an item without any as one of a label of its own.
     *
     * <p>An item that should come 2.3 times comes two or three times, never none or ten: systematic sampling, with less
     * variance than PyTorch's {@code WeightedRandomSampler}.
     *
     * @param shares of labels; 1 of those that are missing
     */
    static Sampler byLabel(Map<String, Double> shares) {
        var own = Map.copyOf(shares);
        return (dataset, rng) -> systematic(dataset.labels(), weights(dataset.labels(), own), rng.derive(-1));
    }

    /** Each item's weight, so that the items of each label together weigh the label's share. */
    private static double[] weights(List<List<String>> labels, Map<String, Double> shares) {
        Map<String, Integer> counts = new HashMap<>();
        var all = new ArrayList<List<String>>();
        labels.forEach(one -> all.add(one.isEmpty() ? List.of("") : one));
        all.forEach(one -> one.forEach(label -> counts.merge(label, 1, Integer::sum)));
        return all.stream()
                .mapToDouble(one -> one.stream()
                        .mapToDouble(label -> shares.getOrDefault(label, 1.0) / counts.getOrDefault(label, 1))
                        .max()
                        .orElse(0))
                .toArray();
    }

    private static int[] systematic(List<List<String>> labels, double[] weights, Rng rng) {
        int n = weights.length;
        double step = Arrays.stream(weights).sum() / n;
        int[] places = Arrays.stream(rng.permutation(n))
                .boxed()
                .sorted(Comparator.comparing(place -> labels.get(place).toString())) // a label's count is exact then
                .mapToInt(Integer::intValue)
                .toArray();
        int[] drawn = new int[n];
        double next = step * rng.uniform();
        double reached = 0;
        int at = 0;
        for (int place : places) {
            reached += weights[place];
            while (at < n && next < reached) {
                drawn[at++] = place;
                next += step;
            }
        }
        while (at < n) {
            drawn[at++] = places[n - 1]; // what rounding left
        }
        int[] order = rng.permutation(n);
        return Arrays.stream(order).map(i -> drawn[i]).toArray();
    }
}
