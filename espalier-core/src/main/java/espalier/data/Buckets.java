package espalier.data;

import espalier.item.Item;
import espalier.rng.Rng;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** See {@link Sampler#buckets}. */
record Buckets(ToIntFunction<Item> length, int batchSize) implements Sampler {
    /** Batches in each chunk that is sorted, torchtext's number. */
    private static final int BATCHES = 100;

    Buckets {
        if (batchSize < 1) {
            throw new IllegalArgumentException("a batch needs at least 1 item, but got " + batchSize + ".");
        }
    }

    @Override
    public int[] order(Dataset dataset, Rng rng) {
        int[] drawn = rng.derive(-1).permutation(dataset.size());
        int whole = drawn.length / batchSize;
        int[] order = drawn.clone(); // what makes no whole batch stays at the end
        for (int from = 0; from < whole; from += BATCHES) {
            int batches = Math.min(BATCHES, whole - from);
            int[] chunk = Arrays.copyOfRange(drawn, from * batchSize, (from + batches) * batchSize);
            int[] sorted = sorted(chunk, dataset);
            int[] places = rng.derive(-2, from).permutation(batches);
            for (int b = 0; b < batches; b++) {
                System.arraycopy(sorted, places[b] * batchSize, order, (from + b) * batchSize, batchSize);
            }
        }
        return order;
    }

    private int[] sorted(int[] places, Dataset dataset) {
        return Arrays.stream(places)
                .boxed()
                .sorted(Comparator.comparingInt(
                        (Integer place) -> length.applyAsInt(dataset.items().get(place))))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** All items of {@code dataset}, the shortest first. */
    static int[] byLength(Dataset dataset, ToIntFunction<Item> length) {
        return new Buckets(length, 1).sorted(IntStream.range(0, dataset.size()).toArray(), dataset);
    }
}
