package espalier.dataset;

import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Batches of a data set, with PyTorch's options. Order, augmentation and the last batch are three choices; none is made
 * by default.
 *
 * <pre>{@code
 * var loader = DataLoader.of(dataset, 64).shuffle().dropLast();
 * for (Example batch : loader.epoch(epoch)) {
 *     try (var scope = Scope.open()) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>What an epoch gives is a function of (seed, epoch): the number of threads changes nothing. A batch is freed when
 * the next one is asked for, and at the latest with the scope around the loop. Immutable.
 */
public final class DataLoader {
    private final Dataset dataset;
    private final int batchSize;
    private final Options options;

    /** What is chosen besides data set and batch size. */
    record Options(
            Sampler sampler,
            boolean dropLast,
            Collate collate,
            List<BiFunction<Example, Rng, Example>> changes,
            int workers,
            long seed) {}

    private DataLoader(Dataset dataset, int batchSize, Options options) {
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.options = options;
    }

    /** Batches of {@code batchSize} examples in their own order, the last one possibly smaller, read as they are needed. */
    public static DataLoader of(Dataset dataset, int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("the batch size must be positive, received " + batchSize + ".");
        }
        return new DataLoader(
                dataset, batchSize, new Options(Sampler.sequential(), false, Collate.stack(), List.of(), 0, 42));
    }

    /** The same in a new random order each epoch. */
    public DataLoader shuffle() {
        return sampler(Sampler.random());
    }

    /** The same with the examples and the order that {@code sampler} gives. */
    public DataLoader sampler(Sampler sampler) {
        return with(new Options(
                sampler, options.dropLast, options.collate, options.changes, options.workers, options.seed));
    }

    /** The same without a last batch that is smaller than the others. */
    public DataLoader dropLast() {
        return with(
                new Options(options.sampler, true, options.collate, options.changes, options.workers, options.seed));
    }

    /** The same with batches made by {@code collate}. */
    public DataLoader collate(Collate collate) {
        return with(new Options(
                options.sampler, options.dropLast, collate, options.changes, options.workers, options.seed));
    }

    /** The same with one more random change of each example; its generator depends on (seed, epoch, index) alone. */
    public DataLoader augment(BiFunction<Example, Rng, Example> change) {
        var changes = new ArrayList<>(options.changes);
        changes.add(change);
        return with(new Options(
                options.sampler,
                options.dropLast,
                options.collate,
                List.copyOf(changes),
                options.workers,
                options.seed));
    }

    /** The same with batches read ahead by {@code count} threads, as {@code num_workers}; 0 reads on the calling thread. */
    public DataLoader workers(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("the number of workers must not be negative, received " + count + ".");
        }
        return with(
                new Options(options.sampler, options.dropLast, options.collate, options.changes, count, options.seed));
    }

    /** The same with another seed of order and augmentation; 42 by default. */
    public DataLoader seed(long seed) {
        return with(new Options(
                options.sampler, options.dropLast, options.collate, options.changes, options.workers, seed));
    }

    private DataLoader with(Options changed) {
        return new DataLoader(dataset, batchSize, changed);
    }

    /**
     * The batches of an epoch. When a loop over them ends early, its workers end within a second, and what they read ahead is
     * freed by the garbage collector.
     */
    public Epoch epoch(int epoch) {
        var rng = Rng.of(options.seed).derive(epoch);
        int[] order = options.sampler.order(dataset.size(), rng);
        var groups = new ArrayList<int[]>();
        for (int from = 0; from < order.length; from += batchSize) {
            int to = Math.min(order.length, from + batchSize);
            if (to - from == batchSize || !options.dropLast) {
                groups.add(Arrays.copyOfRange(order, from, to));
            }
        }
        return new Epoch(dataset, options, List.copyOf(groups), rng);
    }

    /** The examples. */
    public Dataset dataset() {
        return dataset;
    }

    /** The number of examples in a batch. */
    public int batchSize() {
        return batchSize;
    }
}
